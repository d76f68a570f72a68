"""The merge of imported decks into the person's own: cards are told apart by id, changes are said beforehand."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path

from interview.content.cards.deck_file import parse_deck, read_deck
from interview.content.cards.plain import plain, write_yaml
from interview.content.catalog import find_deck
from interview.content.reading.node import parse_node
from interview.content.reading.problem import UnsoundError, short
from interview.content.reading.source import HUGE_DECK, refuse_larger
from interview.dataclass import dataclass
from interview.errors import UsageError
from interview.log.place import free
from interview.practice.exchange.portable import Data
from interview.text import Text
from interview.whole_file import write_whole

HEAD = "# Imported by `interview import`. Yours to edit: `interview lint FILE` says what is wrong with a line.\n"


@dataclass(frozen=True, slots=True)
class Merge:
    """What importing one deck does to the file at `path`. `text` is that file afterwards."""

    deck: str
    path: Path
    new: tuple[str, ...]
    changed: tuple[str, ...]
    same: int
    text: str

    @property
    def writes(self) -> bool:
        return bool(self.new or self.changed)


def merge(deck: Data, pack: Path, others: Iterable[Path], *, alone: Callable[[], bool]) -> Merge:
    """Plan the deck's way into `pack`. One that another pack holds is refused: its file is not ours to write.

    `alone` is asked where the deck needs another name: is it the file's only one?
    """
    name = deck["deck"]
    if name.startswith(("references", "refs")):
        advice = other_name(name, alone=alone())
        raise UsageError(
            f"a deck cannot be called `{name}`: that is where references are; {advice.en}",
            f"题库不能叫 `{name}`：那是放出处的地方；请{advice.zh}",
        )
    path = pack / "questions" / f"{name}.yaml"
    theirs = find_deck(others, name)
    known = plain(read_deck(theirs or path)[1]) if theirs or path.exists() else {**deck, "cards": []}
    before = {card["id"]: card for card in known["cards"]}
    new = tuple(card["id"] for card in deck["cards"] if card["id"] not in before)
    changed = tuple(card["id"] for card in deck["cards"] if before.get(card["id"], card) != card)
    if theirs and (new or changed):
        advice = other_name(name, alone=alone())
        raise UsageError(
            f"the deck `{name}` is {short(theirs)}: edit it there, or {advice.en}",
            f"题库 `{name}` 就是 {short(theirs)}：请在那里修改，或{advice.zh}",
        )
    coming = {card["id"]: card for card in deck["cards"]}
    cards = [coming.get(card["id"], card) for card in known["cards"]]
    data = {**known, "cards": [*cards, *(coming[each] for each in new)]}
    text = written(data, path) if new or changed else ""
    return Merge(name, theirs or path, new, changed, len(deck["cards"]) - len(new) - len(changed), text)


def written(data: Data, path: Path) -> str:
    """The deck's file, once it was read back; UsageError for more than a deck's file may hold."""
    text = HEAD + write_yaml(data)
    try:
        refuse_larger(len(text.encode()), path, HUGE_DECK)
        node = parse_node(text, path)
        parse_deck(node)
    except UnsoundError as error:
        why = error.problems[0]
        raise UsageError(
            f"the deck `{data['deck']}` would not be read again with these cards: {why.text}",
            f"题库 `{data['deck']}` 加上这些卡就读不回来了：{why.zh or why.text}",
        ) from None
    assert plain(node) == data, f"{data['deck']} would not be read back as it is"
    return text


def other_name(deck: str, *, alone: bool) -> Text:
    """How the deck is imported under a name of its own: a file of several is taken apart first."""
    if alone:
        return Text("import it under another name, with --deck NAME", "用 --deck NAME 另起名字导入")
    return Text(
        f"leave `{deck}` out of this file; in a file of its own it is imported under another name, with --deck NAME",
        f"把 `{deck}` 从这个文件里拿出来，单独成一个文件，再用 --deck NAME 另起名字导入",
    )


def write(merged: Merge, now: datetime) -> Path | None:
    """Write the deck's file; where the file as it was is kept, if there was one."""
    merged.path.parent.mkdir(parents=True, exist_ok=True)
    kept = None
    if merged.path.exists():
        kept = free(merged.path.with_name(f"{merged.path.name}.{now:%Y%m%d-%H%M%S}"))
        write_whole(kept, merged.path.read_bytes())
    write_whole(merged.path, merged.text.encode())
    return kept
