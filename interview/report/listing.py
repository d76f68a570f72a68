"""The lists of decks and katas, for a program."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated

from interview.content.cards.deck import Card
from interview.dataclass import dataclass
from interview.drill.schedule import is_leech
from interview.log.record import Memory
from interview.practice.insight.listing import DeckLine, KataLine
from interview.practice.insight.today import Share
from interview.report.fields import CardName, Count, KataStatus


@dataclass(frozen=True, slots=True)
class DeckJson:
    id: str
    cards: Count
    new: Count
    due: Count


@dataclass(frozen=True, slots=True)
class ListedKataJson:
    id: str
    status: KataStatus


@dataclass(frozen=True, slots=True)
class FoundCardJson:
    id: CardName
    suspended: bool
    leech: bool
    flag: str | None


@dataclass(frozen=True, slots=True)
class ListJson:
    """`list --json`; new cards are not due."""

    due: Annotated[Count, "All that is due now, the same in `today`, `list` and `stats`."]
    new: Annotated[Count, "The new cards that today still brings."]
    decks: tuple[DeckJson, ...]
    katas: tuple[ListedKataJson, ...]
    cards: Annotated[tuple[FoundCardJson, ...] | None, "What a query, --suspended or --leeches found."] = None


def list_json(
    decks: Sequence[DeckLine], katas: Sequence[KataLine], share: Share, memories: Mapping[str, Memory] | None = None
) -> ListJson:
    """With `memories` the cards are told too."""
    cards = [card for line in decks for card in line.cards]
    return ListJson(
        due=share.due,
        new=share.new,
        decks=tuple(DeckJson(each.id, cards=len(each.cards), new=each.new, due=each.due) for each in decks),
        katas=tuple(ListedKataJson(each.id, each.status) for each in katas),
        cards=None if memories is None else tuple(found_json(card, memories.get(card.name)) for card in cards),
    )


def found_json(card: Card, memory: Memory | None) -> FoundCardJson:
    memory = memory or Memory(card.name)
    return FoundCardJson(card.name, suspended=memory.suspended, leech=is_leech(memory), flag=memory.flag)
