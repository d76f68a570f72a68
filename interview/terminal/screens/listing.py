"""The lists of decks and katas, for a person."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from interview.content.cards.deck import Card
from interview.content.cards.expression import draws, fill
from interview.content.cards.markdown import joined
from interview.drill.hand import KataStatus
from interview.drill.schedule import is_leech
from interview.log.record import Memory
from interview.practice.insight.listing import DeckLine, KataLine
from interview.printable import printable_line
from interview.terminal.screens.words import KATA_STATUS, ListingWords
from interview.terminal.text.prose import inline, styled

STYLE: Mapping[KataStatus, str] = {"new": "dim", "tried": "", "passed": "green", "due": "bold"}


def render(
    decks: Sequence[DeckLine], katas: Sequence[KataLine], *, lang: str, cards: bool, memories: Mapping[str, Memory]
) -> Group:
    """Decks, or the `cards` found in them, and katas."""
    parts: list[RenderableType] = []
    if decks:
        parts.append(render_cards(decks, memories, lang=lang) if cards else render_decks(decks, lang=lang))
    if katas:
        parts += [*([""] if decks else []), render_katas(katas, lang=lang)]
    return Group(*(parts or [ListingWords.nothing.say(lang)]))


def render_decks(lines: Sequence[DeckLine], *, lang: str) -> Table:
    said = ListingWords
    table = columns(said.decks.say(lang), "", numbers=[said.cards.say(lang), said.due.say(lang), said.new.say(lang)])
    for line in lines:
        due = Text(str(line.due), "bold" if line.due else "dim")
        table.add_row(line.id, Text(line.title.say(lang)), str(len(line.cards)), due, Text(str(line.new), "dim"))
    return table


def render_katas(lines: Sequence[KataLine], *, lang: str) -> Table:
    said = ListingWords
    table = columns(said.katas.say(lang), "", numbers=[said.level.say(lang), said.minutes.say(lang)])
    table.add_column(ListingWords.status.say(lang))
    for line in lines:
        status = Text(KATA_STATUS[line.status].say(lang), STYLE[line.status])
        table.add_row(line.id, Text(line.title.say(lang)), str(line.level), str(line.minutes), status)
    return table


def render_cards(lines: Sequence[DeckLine], memories: Mapping[str, Memory], *, lang: str) -> Table:
    """What a query found, each with its question."""
    table = columns("", "", numbers=[])
    for line in lines:
        for card in line.cards:
            table.add_row(Text(card.name), Text.assemble(*marks(memories.get(card.name), lang), question(card, lang)))
    return table


def marks(memory: Memory | None, lang: str) -> list[tuple[str, str]]:
    """What sets a card apart, before its question: its flag, that it is suspended, that it keeps being forgotten."""
    if memory is None:
        return []
    said = [f"⚑ {printable_line(memory.flag)}"] if memory.flag else []
    said += [ListingWords.suspended.say(lang)] if memory.suspended else []
    said += [ListingWords.leech.say(lang)] if is_leech(memory) else []
    return [(f"{each} · ", "yellow") for each in said]


def columns(first: str, second: str, *, numbers: Sequence[str]) -> Table:
    table = Table(box=None, pad_edge=False, header_style="dim", show_header=bool(first))
    table.add_column(first, no_wrap=True)
    table.add_column(second)
    for each in numbers:
        table.add_column(each, justify="right")
    return table


def question(card: Card, lang: str) -> Text:
    """All that is asked, its lines joined and its Markdown rendered."""
    params = next(draws(card.params))
    texts = (fill(text.say(lang), params) for text in (card.ask, *card.asks) if text)
    shown = inline(joined(line for text in texts for line in text.split("\n")))
    return styled(Text(" ").join(shown.split("\n")), "dim")
