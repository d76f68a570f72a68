"""The history in numbers: days, forecast, retention, calibration, decks side by side, katas. Values in, values out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, timedelta
from statistics import fmean

from interview.content.cards.deck import Card, Deck
from interview.dataclass import dataclass
from interview.drill.attempts import attempts_of
from interview.drill.day import Limits, as_of, day_of
from interview.drill.hand import KataStatus
from interview.drill.schedule import Rules, follow, retrievability
from interview.log.record import CardEvent, Confidence, KataEvent, Memory, Rating, Review
from interview.practice.insight.listing import KataLine
from interview.practice.insight.topics import is_seen
from interview.text import Text

AHEAD = 30  # days of the forecast
WINDOWS = (7, 30, 90)  # days that retention is told over

Tick = Callable[[int, int], None]  # so many done, of so many


@dataclass(frozen=True, slots=True)
class Recalled:
    """One review of a card that was known: the predicted chance, and whether it was recalled."""

    card: str
    day: date
    predicted: float
    recalled: bool


@dataclass(frozen=True, slots=True)
class Retention:
    """The share recalled, and the share predicted, over `days` and `reviews`. None where there are none."""

    days: int
    reviews: int
    true: float | None
    predicted: float | None


@dataclass(frozen=True, slots=True)
class Calibration:
    """What came of one level of confidence. `wrong` are the cards last said wrongly, the latest first."""

    confidence: Confidence
    right: int
    total: int
    wrong: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DeckFigures:
    id: str
    title: Text
    cards: int
    seen: int
    due: int
    recall: float | None
    retention: float | None
    lapses: int


@dataclass(frozen=True, slots=True)
class KataFigures:
    """A kata's attempts in order (True: passed), the day of the last, and the day that it comes back, if it has one."""

    id: str
    title: Text
    status: KataStatus
    passes: tuple[bool, ...]
    last: date
    due: date | None


def counted(events: Iterable[CardEvent]) -> list[Review]:
    """Ratings that count: what was undone is not among the events, and cramming is practice."""
    return [event for event in events if isinstance(event, Review) and not event.cram]


def per_day(reviews: Iterable[Review]) -> Counter[date]:
    return Counter(review.day for review in reviews)


def streak(days: Mapping[date, int], today: date) -> int:
    """Days in a row up to today; a today not yet begun breaks nothing."""
    day = today if days.get(today) else today - timedelta(days=1)
    length = 0
    while days.get(day):
        length, day = length + 1, day - timedelta(days=1)
    return length


def forecast(cards: Sequence[Card], memories: Mapping[str, Memory], today: date) -> list[int]:
    """Cards due on each of the next days; what is overdue counts for today."""
    now = {card.name for card in day_of(cards, memories, today, Limits()).due}
    due = [len(now), *[0] * (AHEAD - 1)]
    for name, memory in as_of(cards, memories, today).items():
        if name not in now and memory.due and not memory.suspended:
            day = (max(memory.due, memory.buried_until or memory.due) - today).days
            if 0 <= day < AHEAD:
                due[day] += 1
    return due


def recollections(events: Sequence[CardEvent], rules: Rules, tick: Tick | None = None) -> list[Recalled]:
    """For each first review of a day of a card already known: what FSRS had predicted, and what came of it.

    The memories are folded as the schedule's are: a card that was made new again has nothing to be recalled.
    """
    memories: dict[str, Memory] = {}
    found = []
    for n, event in enumerate(events):
        if tick and n % 500 == 0:
            tick(n, len(events))
        memory = memories.get(event.card) or Memory(event.card)
        match event:
            case Review(cram=False, day=day) if memory.last is not None and memory.last < day:
                chance = retrievability(memory, day, rules)
                found.append(Recalled(event.card, day, chance, event.rating is not Rating.AGAIN))
        memories[event.card] = follow(memory, event, rules)
    return found


def retention(recalled: Sequence[Recalled], today: date, days: int) -> Retention:
    recent = [each for each in recalled if 0 <= (today - each.day).days < days]
    if not recent:
        return Retention(days, 0, None, None)
    return Retention(days, len(recent), fmean(e.recalled for e in recent), fmean(e.predicted for e in recent))


def by_week(recalled: Sequence[Recalled], today: date, weeks: int) -> list[float | None]:
    """The share recalled in each of the last weeks, the oldest first."""
    shares: list[float | None] = []
    for week in reversed(range(weeks)):
        hits = [each.recalled for each in recalled if (today - each.day).days // 7 == week]
        shares.append(fmean(hits) if hits else None)
    return shares


def calibration(reviews: Iterable[Review]) -> list[Calibration]:
    """Confidence against outcome: what the machine saw, else whether the card was recalled."""
    sorted_: dict[Confidence, list[tuple[str, bool]]] = {each: [] for each in Confidence}
    for review in counted(reviews):
        if review.confidence is not None:
            right = review.right if review.right is not None else review.rating is not Rating.AGAIN
            sorted_[review.confidence].append((review.card, right))
    return [
        Calibration(
            confidence,
            sum(right for _, right in said),
            len(said),
            tuple(dict.fromkeys(card for card, right in reversed(said) if not right)),
        )
        for confidence, said in sorted_.items()
    ]


def compare(
    decks: Iterable[Deck], memories: Mapping[str, Memory], recalled: Iterable[Recalled], today: date, rules: Rules
) -> list[DeckFigures]:
    """Decks that were begun, or have a card called for, side by side."""
    by_deck: dict[str, list[Recalled]] = {}
    for each in recalled:
        by_deck.setdefault(each.card.split("/")[0], []).append(each)
    found = []
    for deck in decks:
        known = as_of(deck.cards, memories, today).values()
        seen = [memory for memory in known if is_seen(memory)]
        due = len(day_of(deck.cards, memories, today, Limits()).due)
        if not seen and not due:
            continue
        kept = retention(by_deck.get(deck.id, []), today, WINDOWS[-1])
        found.append(
            DeckFigures(
                id=deck.id,
                title=deck.title,
                cards=len(deck.cards),
                seen=sum(not memory.is_new for memory in known),
                due=due,
                recall=fmean(retrievability(memory, today, rules) for memory in seen) if seen else None,
                retention=kept.true,
                lapses=sum(memory.lapses for memory in known),
            )
        )
    return found


def kata_figures(katas: Iterable[KataLine], events: Sequence[KataEvent]) -> list[KataFigures]:
    """The katas that were tried, the latest first."""
    happened: dict[str, list[KataEvent]] = {}
    for event in events:
        happened.setdefault(event.kata, []).append(event)
    found = []
    for kata in katas:
        made = [each.last for each in attempts_of(happened.get(kata.id, ())) if each.last]
        if made:
            passes = tuple(attempt.status == "passed" for attempt in made)
            last = max(attempt.day for attempt in made)
            found.append(KataFigures(kata.id, kata.title, kata.status, passes, last, kata.task.memory.due))
    return sorted(found, key=lambda each: each.last, reverse=True)
