"""The Anki package: a note a card, with both languages. The guid is made of the card's name alone.

So a second import updates the notes and leaves Anki's own schedule as it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any
from zlib import crc32

from interview.content.cards.deck import Card, Deck, Reference
from interview.log.file import explained
from interview.practice.exchange.sheet import back, front

MODEL = 1_764_000_001  # never to change: notes belong to their model
FIELDS = ("Card", "Ask", "Answer", "AskZh", "AnswerZh")
FRONT = '<div class="en">{{Ask}}</div><div class="zh">{{AskZh}}</div>'
BACK = (
    '{{FrontSide}}<hr id="answer"><div class="en">{{Answer}}</div><div class="zh">{{AnswerZh}}</div>'
    '<p class="id">{{Card}}</p>'
)
CSS = """\
.card { font: 18px/1.5 sans-serif; text-align: left; max-width: 46em; margin: 0 auto; padding: 0 1em; }
pre { background: #8882; padding: .6em; overflow-x: auto; } code { font-family: monospace; }
.zh { border-top: 1px solid #8884; margin-top: 1em; }   /* one language only: .zh { display: none; } */
.title { font-weight: bold; margin-top: .8em; } .must { color: #c33; font-size: 80%; }
.note, .sources, .id { color: #888; font-size: 80%; } td, th { padding: .1em .6em; border: 1px solid #8884; }
"""


def write_package(
    path: Path, decks: Iterable[Deck], references: Mapping[str, Reference], *, now: float
) -> int:  # fmt: skip
    """The package of these decks at `path`; how many notes it holds."""
    import genanki

    model = genanki.Model(
        MODEL,
        "Interview",
        fields=[{"name": name} for name in FIELDS],
        templates=[{"name": "Ask", "qfmt": FRONT, "afmt": BACK}],
        css=CSS,
    )
    packed = []
    count = 0
    for deck in decks:
        box: Any = genanki.Deck(deck_id(deck.id), f"Interview::{deck.title.en}")
        for card in deck.cards:
            fields = [card.name, *sides(card, deck, references)]
            box.add_note(genanki.Note(model=model, fields=fields, tags=tags(card), guid=guid(card)))
            count += 1
        packed.append(box)
    with explained(path):  # it writes a database of its own
        genanki.Package(packed).write_to_file(path, timestamp=now)
    return count


def guid(card: Card) -> str:
    import genanki

    return str(genanki.guid_for("interview", card.name))


def deck_id(name: str) -> int:
    return (1 << 30) + crc32(name.encode()) % (1 << 30)


def sides(card: Card, deck: Deck, references: Mapping[str, Reference]) -> list[str]:
    """Asked and answered in English, then in Chinese; the sources, which have no language, once. What says the same in
    both is in one.
    """
    english, chinese = ([front(card, lang, deck.note), back(card, lang, None)] for lang in ("en", "zh"))
    return [english[0], back(card, "en", references), *(["", ""] if chinese == english else chinese)]


def tags(card: Card) -> list[str]:
    """Anki's tags hold no spaces."""
    own = [tag.replace(" ", "-") for tag in card.tags]
    return [
        f"interview::{card.deck}",
        *([f"level::{card.level}"] if card.level else []),
        card.kind,
        *own,
        *(["must-know"] if card.must_know else []),
    ]
