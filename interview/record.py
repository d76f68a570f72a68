"""What happened, as plain values: the store keeps them, the drill folds them, the screens show them.

Every event carries the moment (`at`, with its offset) and the local day it counted for (`day`, which turns at 04:00).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime
from enum import IntEnum, StrEnum
from typing import Any


class Rating(IntEnum):
    """How well a card was known; the numbers are the keys, and FSRS's own."""

    AGAIN = 1
    HARD = 2
    GOOD = 3
    EASY = 4


class Confidence(StrEnum):
    """How sure the person was before the reveal."""

    UNSURE = "unsure"
    SO_SO = "so-so"
    SURE = "sure"


@dataclass(frozen=True, slots=True)
class Review:
    """One rating of one card at one time.

    `right` is what the machine saw (None: nothing was answered, or nobody can tell), `given` the answer as stored
    (option ids, `yes`/`no`, the typed text), `seed` what its order and parameters were drawn from, `depth` how many
    follow-ups deep it was asked. A `cram` review is practice: it moves no schedule.
    """

    card: str
    rev: int
    at: datetime
    day: date
    rating: Rating
    proposed: Rating | None = None
    confidence: Confidence | None = None
    seconds: float = 0.0
    right: bool | None = None
    given: str | None = None
    mistake: str | None = None
    ticks: tuple[int, ...] = ()
    hinted: bool = False
    seed: int = 0
    depth: int = 0
    cram: bool = False


@dataclass(frozen=True, slots=True)
class Bury:
    """Not before `until`."""

    card: str
    at: datetime
    day: date
    until: date


@dataclass(frozen=True, slots=True)
class Suspend:
    """Out of the drill (`on`), or back in it."""

    card: str
    at: datetime
    day: date
    on: bool = True


@dataclass(frozen=True, slots=True)
class Due:
    """Due now, whatever the schedule said; `why` names the cause, for example `kata dropout: one_mask_per_element`."""

    card: str
    at: datetime
    day: date
    why: str


@dataclass(frozen=True, slots=True)
class Undo:
    """The log's event number `of`, which was about `card`, is taken back."""

    card: str
    at: datetime
    day: date
    of: int


@dataclass(frozen=True, slots=True)
class Attempt:
    """One graded submission of a kata. `copy` is where the source as graded is kept."""

    kata: str
    at: datetime
    day: date
    status: str
    seed: int
    sha256: str
    seconds: float
    failed: tuple[str, ...] = ()
    mistake: str | None = None
    cards: tuple[str, ...] = ()
    copy: str | None = None


CardEvent = Review | Bury | Suspend | Due
Event = CardEvent | Undo | Attempt


@dataclass(frozen=True, slots=True)
class Memory:
    """What the log says of one card: a fold over its events (`drill.schedule.replay`).

    `stability` is the days until recall falls to 90 %. `due` is the scheduled day, `forced` the day a `due` event
    called for it, until the next rating. `lapses` counts AGAIN on a card that had been known. `until` is the interview
    that draws in `due`; the log knows nothing of it.
    """

    card: str
    rev: int = 0
    reviews: int = 0
    lapses: int = 0
    stability: float = 0.0
    difficulty: float = 0.0
    first: date | None = None
    last: date | None = None
    rating: Rating | None = None
    due: date | None = None
    forced: date | None = None
    buried_until: date | None = None
    suspended: bool = False
    until: date | None = None

    @property
    def is_new(self) -> bool:
        return self.reviews == 0


WORDS: dict[str, type[Event]] = {
    "review": Review,
    "bury": Bury,
    "suspend": Suspend,
    "due": Due,
    "undo": Undo,
    "attempt": Attempt,
}
WORD_OF = {kind: word for word, kind in WORDS.items()}


def pack(event: Event) -> tuple[str, str, dict[str, Any]]:
    """Its word, what it is about, and what only this kind has, in JSON's own types; defaults are left out."""
    about = event.kata if isinstance(event, Attempt) else event.card
    return WORD_OF[type(event)], about, pack_fields(event, skip=("card", "kata", "at", "day"))


def unpack(word: str, about: str, at: datetime, day: date, detail: Mapping[str, Any]) -> Event:
    """The event that was packed. Fields that a later interview added are not known here, and dropped."""
    kind = WORDS[word]
    known = {
        name: READ[name](value) if name in READ else value for name, value in detail.items() if name in NAMES[kind]
    }
    return kind(about, at=at, day=day, **known)


READ: dict[str, Callable[[Any], Any]] = {
    "rating": Rating,
    "proposed": Rating,
    "confidence": Confidence,
    "until": date.fromisoformat,
    "ticks": tuple,
    "failed": tuple,
    "cards": tuple,
}
NAMES = {kind: frozenset(field.name for field in fields(kind)) for kind in WORD_OF}
MEMORY_DAYS = ("first", "last", "due", "forced", "buried_until", "until")


def pack_memory(memory: Memory) -> dict[str, Any]:
    return pack_fields(memory, skip=("card",))


def unpack_memory(card: str, state: Mapping[str, Any]) -> Memory:
    known = dict(state)
    for name in MEMORY_DAYS:
        if name in known:
            known[name] = date.fromisoformat(known[name])
    if "rating" in known:
        known["rating"] = Rating(known["rating"])
    return Memory(card, **known)


def pack_fields(value: Event | Memory, *, skip: tuple[str, ...]) -> dict[str, Any]:
    """Fields that differ from their default, in JSON's own types."""
    packed: dict[str, Any] = {}
    for field in fields(value):
        each = getattr(value, field.name)
        if field.name not in skip and each != field.default:
            packed[field.name] = each.isoformat() if isinstance(each, date) else each
    return packed
