"""One card, and what was done to cards or taken back, for a program."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Annotated

from interview.content.cards.deck import Card
from interview.dataclass import dataclass
from interview.log.record import CardEvent, Rating, Review
from interview.practice.review.one_card import OneCard
from interview.report.fields import Among, CardName, Count, Measure, word


@dataclass(frozen=True, slots=True)
class RatedJson:
    at: datetime
    day: date
    rating: Rating
    right: bool | None
    seconds: Measure
    cram: bool


@dataclass(frozen=True, slots=True)
class CardJson:
    """`card ID --json`: `why` is what called for it, as the log says it; `next` the day of its return after each
    rating given today."""

    card: CardName
    state: Annotated[str, Among("new", "due", "later", "buried", "suspended")]
    why: str | None
    due: date | None
    suspended: bool
    leech: bool
    flag: str | None
    note: str | None
    lapses: Count
    stability: Measure | None
    difficulty: Measure | None
    recall: Measure | None
    next: Mapping[Rating, date]
    reviews: tuple[RatedJson, ...]


@dataclass(frozen=True, slots=True)
class DeedJson:
    """`card … --forget --json` and its like: of the cards found those that it changed."""

    what: Annotated[str, Among("forget", "suspend", "wake", "flag", "note")]
    found: Count
    cards: tuple[CardName, ...]


@dataclass(frozen=True, slots=True)
class UndoneJson:
    card: CardName
    what: str
    at: datetime


@dataclass(frozen=True, slots=True)
class UndoJson:
    """`undo --json`."""

    undone: tuple[UndoneJson, ...]


def card_json(one: OneCard) -> CardJson:
    memory = one.memory
    return CardJson(
        card=one.card.name,
        state=one.state,
        why=memory.why,
        due=memory.due,
        suspended=memory.suspended,
        leech=one.leech,
        flag=memory.flag,
        note=memory.note,
        lapses=memory.lapses,
        stability=round(memory.stability, 2) if memory.reviews else None,
        difficulty=round(memory.difficulty, 2) if memory.reviews else None,
        recall=None if one.recall is None else round(one.recall, 4),
        next=one.coming,
        reviews=tuple(map(rated_json, one.reviews)),
    )


def rated_json(review: Review) -> RatedJson:
    return RatedJson(
        at=review.at,
        day=review.day,
        rating=review.rating,
        right=review.right,
        seconds=review.seconds,
        cram=review.cram,
    )


def deed_json(what: str, found: int, changed: Sequence[Card]) -> DeedJson:
    return DeedJson(what=what, found=found, cards=tuple(card.name for card in changed))


def undo_json(undone: Sequence[CardEvent]) -> UndoJson:
    return UndoJson(tuple(UndoneJson(event.card, what=what(event), at=event.at) for event in undone))


def what(event: CardEvent) -> str:
    return word(event.rating) if isinstance(event, Review) else type(event).__name__.lower()
