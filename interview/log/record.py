"""The record of what happened, as plain values: the store keeps them, the drill folds them, the screens show them.

Every event carries the moment (`at`, with its offset) and the local day it counted for (`day`, which turns at 04:00).
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import fields
from datetime import date, datetime
from enum import IntEnum, StrEnum
from typing import Any
from zlib import crc32

from interview.dataclass import dataclass


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
class Forget:
    """New again, as if it had never been asked."""

    card: str
    at: datetime
    day: date


@dataclass(frozen=True, slots=True)
class Flag:
    """A word of the person's that is shown wherever the card is; an empty one takes it off."""

    card: str
    at: datetime
    day: date
    text: str


@dataclass(frozen=True, slots=True)
class Note:
    """The person's own note, shown with the answer; an empty one takes it off."""

    card: str
    at: datetime
    day: date
    text: str


@dataclass(frozen=True, slots=True)
class Undo:
    """The log's event number `of`, which was about `card`, is taken back."""

    card: str
    at: datetime
    day: date
    of: int


@dataclass(frozen=True, slots=True)
class HandOut:
    """A blank file of the kata was handed out. What lay in its place before, with this sum, is kept in `copy`."""

    kata: str
    at: datetime
    day: date
    sha256: str = ""
    copy: str | None = None


@dataclass(frozen=True, slots=True)
class GiveUp:
    """The person asked for the kata's solution before it was earned."""

    kata: str
    at: datetime
    day: date


@dataclass(frozen=True, slots=True)
class Attempt:
    """One graded submission of a kata. `copy` is where the source as graded is kept.

    `passed` of `total` checks passed (0 of 0: written by an interview that did not count them); `hints` were seen
    until then, since the last pass or give-up.
    """

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
    passed: int = 0
    total: int = 0
    hints: int = 0


CardEvent = Review | Bury | Suspend | Due | Forget | Flag | Note
KataEvent = HandOut | GiveUp | Attempt
Event = CardEvent | Undo | KataEvent


@dataclass(frozen=True, slots=True)
class Memory:
    """What the log says of one card: a fold over its events (`drill.schedule.replay`).

    `stability` is the days until recall falls to 90 %. `due` is the scheduled day, `forced` the day a `due` event
    called for it and `why` its reason, until the next rating. `lapses` counts AGAIN on a card that had been known.
    `until` is the interview that draws in `due`; the log knows nothing of it.
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
    why: str | None = None
    buried_until: date | None = None
    suspended: bool = False
    flag: str | None = None
    note: str | None = None
    until: date | None = None

    @property
    def is_new(self) -> bool:
        return self.reviews == 0


WORDS: dict[str, type[Event]] = {
    "review": Review,
    "bury": Bury,
    "suspend": Suspend,
    "due": Due,
    "forget": Forget,
    "flag": Flag,
    "note": Note,
    "undo": Undo,
    "attempt": Attempt,
    "hand-out": HandOut,
    "give-up": GiveUp,
}
WORD_OF = {kind: word for word, kind in WORDS.items()}
KATA_KINDS = frozenset((HandOut, GiveUp, Attempt))


def pack(event: Event) -> tuple[str, str, dict[str, Any]]:
    """Its word, what it is about, and what only this kind has, in JSON's own types; defaults are left out."""
    about = event.kata if isinstance(event, KataEvent) else event.card
    return WORD_OF[type(event)], about, pack_fields(event, skip=("card", "kata", "at", "day"))


def sealed(at: str, day: str, word: str, about: str, detail: str) -> str:
    """The detail of a row with a sum of the whole row as its last field: SQLite has none, and a disk may turn a bit."""
    total = f'"sum": "{sum_of(at, day, word, about, detail)}"}}'
    return f"{detail[:-1]}, {total}" if detail != "{}" else f"{{{total}"


def sum_of(*texts: str) -> str:
    return format(crc32("\n".join(texts).encode("utf-8", "surrogatepass")), "08x")


def is_whole(at: str, day: str, word: str, about: str, detail: str) -> bool:
    """Does its sum hold? A row without one is older than the sums."""
    found = SEAL.search(detail, max(0, len(detail) - 20))
    return found is None or found[1] == sum_of(at, day, word, about, f"{detail[: found.start()]}}}")


def unpack(at: str, day: str, word: str, about: str, detail: str) -> Event:
    """The event of one row as it was packed; ValueError for a row that says nothing we know, or not what was written.

    Fields that a later interview added are not known here, and dropped.
    """
    try:
        if not is_whole(at, day, word, about, detail):
            raise ValueError("not what was written")  # noqa: TRY301
        kind = WORDS[word]
        if not (KATA if kind in KATA_KINDS else CARD).fullmatch(about):
            raise ValueError(f"{about!r} is no name")  # noqa: TRY301
        known = {name: READ[name](value) for name, value in JSON.decode(detail).items() if name in NAMES[kind]}
        return kind(about, at=moment(at), day=local(day), **known)
    except (ValueError, TypeError, KeyError, AttributeError, OverflowError, RecursionError) as error:
        raise ValueError(f"{type(error).__name__}: {error}") from None


FIRST, LAST = 1900, 9800  # years that leave room for the longest interval on both sides


def moment(text: str) -> datetime:
    found = datetime.fromisoformat(text)
    if found.tzinfo is None or not FIRST <= found.year <= LAST:
        raise ValueError("no moment of a person's life")
    return found


def local(text: str) -> date:
    found = date.fromisoformat(text)
    if not FIRST <= found.year <= LAST:
        raise ValueError("no day of a person's life")
    return found


def integer(value: object) -> int:
    if type(value) is not int or not 0 <= value < 1 << 63:
        raise ValueError("no whole number")
    return value


def amount(value: object) -> float:
    if type(value) not in (int, float) or not 0 <= value < 1e9:  # type: ignore[operator]
        raise ValueError("no amount")
    return float(value)  # type: ignore[arg-type]


def flag(value: object) -> bool:
    if type(value) is not bool:
        raise ValueError("neither true nor false")
    return value


def words(value: object) -> str:
    if type(value) is not str:
        raise ValueError("no text")
    return value


def each(read: Callable[[Any], Any]) -> Callable[[Any], tuple[Any, ...]]:
    def read_all(value: object) -> tuple[Any, ...]:
        if type(value) is not list:
            raise ValueError("no list")
        return tuple(map(read, value))

    return read_all


def refuse(number: str) -> None:
    raise ValueError(f"{number} is no number")


SEAL = re.compile(r'(?:, )?"sum": "([0-9a-f]{8})"\}$')
JSON = json.JSONDecoder(parse_constant=refuse)
CARD, KATA = re.compile(r"\w[\w.-]*/\w[\w.-]*"), re.compile(r"\w[\w.-]*")
READ: dict[str, Callable[[Any], Any]] = {
    "rev": integer,
    "rating": lambda value: Rating(integer(value)),
    "proposed": lambda value: Rating(integer(value)),
    "confidence": lambda value: Confidence(words(value)),
    "seconds": amount,
    "right": flag,
    "given": words,
    "mistake": words,
    "ticks": each(integer),
    "hinted": flag,
    "seed": integer,
    "depth": integer,
    "cram": flag,
    "until": local,
    "on": flag,
    "why": words,
    "text": words,
    "of": integer,
    "status": words,
    "sha256": words,
    "failed": each(words),
    "cards": each(words),
    "copy": words,
    **dict.fromkeys(("passed", "total", "hints"), integer),
}
NAMES = {kind: frozenset(field.name for field in fields(kind)) & READ.keys() for kind in WORD_OF}


def pack_memory(memory: Memory) -> dict[str, Any]:
    return pack_fields(memory, skip=("card",))


def unpack_memory(card: str, state: str) -> Memory:
    """The memory that was packed; ValueError for one that cannot be used."""
    try:
        known = {name: REMEMBERED[name](value) for name, value in JSON.decode(state).items()}
        return Memory(card, **known)
    except (TypeError, KeyError, AttributeError, OverflowError, RecursionError) as error:
        raise ValueError(f"{type(error).__name__}: {error}") from None


REMEMBERED: dict[str, Callable[[Any], Any]] = {
    **dict.fromkeys(("rev", "reviews", "lapses"), integer),
    **dict.fromkeys(("stability", "difficulty"), amount),
    **dict.fromkeys(("first", "last", "due", "forced", "buried_until", "until"), date.fromisoformat),
    "rating": READ["rating"],
    **dict.fromkeys(("why", "flag", "note"), words),
    "suspended": flag,
}


def pack_fields(value: Event | Memory, *, skip: tuple[str, ...]) -> dict[str, Any]:
    """Fields that differ from their default, in JSON's own types."""
    packed: dict[str, Any] = {}
    for field in fields(value):
        each = getattr(value, field.name)
        if field.name not in skip and each != field.default:
            packed[field.name] = each.isoformat() if isinstance(each, date) else each
    return packed
