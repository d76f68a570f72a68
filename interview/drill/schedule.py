"""The schedule: when a card comes back; FSRS in whole local days, by replaying the log.

Learning and relearning steps are off. Days are local days that turn at 04:00 unless set otherwise, so neither a time
zone nor daylight saving makes an interval longer or shorter. A review dated before the one it follows (a clock set
back, a flight west) counts for the same day as that one: what was answered stays as it was.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from typing import TYPE_CHECKING

from interview.dataclass import dataclass
from interview.drill.draw import mix
from interview.drill.horizon import toward
from interview.log.record import Bury, CardEvent, Due, Flag, Forget, Memory, Note, Rating, Review, Suspend

if TYPE_CHECKING:
    from fsrs import Scheduler

LEECH = 5
STABLEST = 1e8  # days, which no review adds to: parameters at their bounds would multiply it without end
# What FSRS-6 takes for each of its parameters, from and to.
BOUNDS = (
    *((0.001, 100.0),) * 4, (1.0, 10.0), (0.001, 4.0), (0.001, 4.0), (0.001, 0.75), (0.0, 4.5), (0.0, 0.8),
    (0.001, 3.5), (0.001, 5.0), (0.001, 0.25), (0.001, 0.9), (0.0, 4.0), (0.0, 1.0), (1.0, 6.0), (0.0, 2.0),
    (0.0, 2.0), (0.0, 0.8), (0.1, 0.8),
)  # fmt: skip
FUZZ = ((2.5, 7, 0.15), (7, 20, 0.1), (20, 36500, 0.05))  # of the days from, to: the share that varies, as in Anki


@dataclass(frozen=True, slots=True)
class Rules:
    """What a person may set: the recall aimed at, the longest interval in days, whether intervals vary a little, the
    hour that a day begins at, and FSRS's parameters where they were fitted (none: its defaults).
    """

    retention: float = 0.9
    longest: int = 36500
    fuzz: bool = False
    day_starts: int = 4
    parameters: tuple[float, ...] = ()

    @property
    def name(self) -> str:
        """What derived memories were made by; it changes whenever they would come out otherwise."""
        fuzz = " fuzz by range" if self.fuzz else ""
        return f"fsrs-6 {self.fitted} {self.retention} days {self.longest}{fuzz}, why, flags"

    @property
    def fitted(self) -> str:
        """The parameters in a word."""
        if not self.parameters:
            return "default"
        from hashlib import sha256

        return sha256(repr(self.parameters).encode()).hexdigest()[:16]


DEFAULT = Rules()


def local_day(now: datetime, rules: Rules) -> date:
    """The day that `now` counts for: until it starts, at four in the morning, it is still yesterday's."""
    return (now.replace(tzinfo=None) - timedelta(hours=rules.day_starts)).date()


def replay(card: str, events: Iterable[CardEvent], rules: Rules) -> Memory:
    """The card's memory after all that happened to it, in the log's order."""
    memory = Memory(card)
    for event in events:
        memory = follow(memory, event, rules)
    return memory


def follow(memory: Memory, event: CardEvent, rules: Rules) -> Memory:
    """The memory after one more event."""
    match event:
        case Review(cram=True):
            return memory
        case Review(rating=rating, day=day, rev=rev):
            return replace(recall(memory, rating, day, rules), rev=rev)
        case Bury(until=until):
            return replace(memory, buried_until=until)
        case Suspend(on=on):
            return replace(memory, suspended=on)
        case Forget():
            return Memory(memory.card, suspended=memory.suspended, flag=memory.flag, note=memory.note)
        case Flag(text=text):
            return replace(memory, flag=text or None)
        case Note(text=text):
            return replace(memory, note=text or None)
        case Due(day=day, why=why):
            return replace(memory, forced=day, why=why, buried_until=None)


def recall(memory: Memory, rating: Rating, day: date, rules: Rules) -> Memory:
    """The memory after a rating on that day."""
    from fsrs import Card, State
    from fsrs import Rating as FsrsRating

    day = day if memory.last is None else max(day, memory.last)
    known = memory.last is not None
    before = Card(
        card_id=1,  # without one, Card() sleeps a millisecond
        state=State.Review if known else State.Learning,
        stability=memory.stability if known else None,
        difficulty=memory.difficulty if known else None,
        due=noon(day),
        last_review=noon(memory.last) if memory.last else None,
    )
    fsrs = scheduler(rules.retention, rules.longest, rules.parameters)
    after, _ = fsrs.review_card(before, FsrsRating(int(rating)), noon(day))
    assert after.stability is not None
    assert after.difficulty is not None
    rated = replace(
        memory,
        reviews=memory.reviews + 1,
        lapses=memory.lapses + is_lapse(memory, rating, day),
        stability=min(after.stability, STABLEST),
        difficulty=after.difficulty,
        first=memory.first or day,
        last=day,
        rating=rating,
        due=day + timedelta(days=0 if rating is Rating.AGAIN else varied((after.due.date() - day).days, memory, rules)),
        forced=None,
        why=None,
        buried_until=None,
    )
    return toward(rated, memory.until) if memory.until else rated


def varied(days: int, memory: Memory, rules: Rules) -> int:
    """The interval; with fuzz a little more or less, so that what was learned together comes apart. The same card after
    the same ratings varies the same, and a better rating never comes back sooner.
    """
    if not rules.fuzz or days < 3:
        return days
    most = 1 + sum(share * max(0.0, min(days, end) - start) for start, end, share in FUZZ)
    drawn = mix(memory.reviews, memory.card) / (1 << 64)
    return min(rules.longest, round(days + most * (2 * drawn - 1)))


def is_lapse(memory: Memory, rating: Rating, day: date) -> bool:
    """AGAIN on a card that had been known; a second AGAIN on the same day is the same forgetting."""
    if rating is not Rating.AGAIN or memory.last is None:
        return False
    return not (memory.rating is Rating.AGAIN and memory.last == day)


def preview(memory: Memory, today: date, rules: Rules) -> dict[Rating, int]:
    """Days until the card comes back, for each rating; 0: within this sitting."""
    days = {rating: days_until(recall(memory, rating, today, rules), today) for rating in Rating}
    return {**days, Rating.AGAIN: 0}


def next_days(memory: Memory, today: date, rules: Rules) -> dict[Rating, date]:
    """The day of the card's return, for each rating given today."""
    return {rating: today + timedelta(days=days) for rating, days in preview(memory, today, rules).items()}


def days_until(memory: Memory, today: date) -> int:
    assert memory.due is not None
    return max(1, (memory.due - today).days)


def is_due(memory: Memory, today: date) -> bool:
    """Scheduled for today or earlier, or called for; neither buried nor suspended. New cards are not due."""
    if memory.suspended or is_buried(memory, today):
        return False
    if memory.forced is not None:
        return True
    return memory.due is not None and memory.due <= today


def is_buried(memory: Memory, today: date) -> bool:
    return memory.buried_until is not None and today < memory.buried_until


def is_leech(memory: Memory) -> bool:
    return memory.lapses >= LEECH


def urgency(memory: Memory, today: date) -> float:
    """The likelier forgotten, the larger; it orders cards as retrievability does, without its constants."""
    if memory.last is None or not memory.stability:
        return float("inf")
    return max(0, (today - memory.last).days) / memory.stability


def retrievability(memory: Memory, day: date, rules: Rules) -> float:
    """The predicted chance of recall on that day, whatever recall is aimed at; 0 for a card never seen."""
    if memory.last is None:
        return 0.0
    from fsrs import Card, State

    card = Card(card_id=1, state=State.Review, stability=memory.stability, due=noon(day), last_review=noon(memory.last))
    usual = scheduler(DEFAULT.retention, DEFAULT.longest, rules.parameters)
    return float(usual.get_card_retrievability(card, noon(max(day, memory.last))))


def aimed_at(memory: Memory, rules: Rules) -> Memory:
    """The memory due when these rules, of the same parameters, would have it back: stability knows nothing of the
    recall aimed at. Without fuzz, and whatever interview is ahead.
    """
    if memory.last is None or memory.rating is Rating.AGAIN:
        return memory
    return replace(memory, due=memory.last + timedelta(days=interval(memory.stability, rules)))


def interval(stability: float, rules: Rules) -> int:
    """Days until recall falls to what is aimed at, as FSRS rounds them; at 90 % that is the stability."""
    decay = -scheduler(rules.retention, rules.longest, rules.parameters).parameters[20]
    days = stability * (rules.retention ** (1 / decay) - 1) / (0.9 ** (1 / decay) - 1)
    return int(min(max(round(days), 1), rules.longest))


def noon(day: date) -> datetime:
    """One fixed moment a day, in the only zone FSRS takes: differences are whole days."""
    return datetime.combine(day, time(12), UTC)


@cache
def scheduler(retention: float, longest: int, parameters: tuple[float, ...]) -> Scheduler:
    from fsrs import Scheduler
    from fsrs.scheduler import DEFAULT_PARAMETERS

    return Scheduler(
        parameters=parameters or DEFAULT_PARAMETERS,
        desired_retention=retention,
        maximum_interval=longest,
        learning_steps=(),
        relearning_steps=(),
        enable_fuzzing=False,
    )
