"""The fit: FSRS's parameters from one's own history, tried on days that they were not told. Events in, values out.

The days are parted by time: the optimiser sees the first four fifths, and the last fifth says whether what it found
predicts better than what is in use. What is measured there is what may be kept: nothing is fitted again after it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from math import log
from statistics import fmean

from interview.dataclass import dataclass
from interview.drill.schedule import BOUNDS, Rules
from interview.log.record import CardEvent, Forget, Review
from interview.practice.insight.history import Recalled, Tick, counted, recollections

ENOUGH = 400  # reviews
HELD = 5  # one part in so many of the days is held out
FIRST = 64  # reviews of a card that it is told of: one answered ten thousand times must not fill the memory
SURE = 1e-6  # no prediction is taken to be surer than that
DIGITS = 4

Life = list[tuple[int, int]]


@dataclass(frozen=True, slots=True)
class TooFew:
    """Not enough to fit to: so many reviews are `missing`; none: no card came back on a later day in both parts."""

    reviews: int
    missing: int


@dataclass(frozen=True, slots=True)
class Fit:
    """The parameters found, and the log loss on the days held out, of what is in use and of these."""

    reviews: int
    days: int
    held: int
    held_days: int
    before: float
    after: float
    parameters: tuple[float, ...]

    @property
    def better(self) -> bool:
        return self.after < self.before


def fit(events: Sequence[CardEvent], rules: Rules, tick: Tick | None = None) -> Fit | TooFew:
    """Fitted to the reviews that count, wherever the card is now: what was forgotten was learned all the same."""
    kept = counted(events)
    if len(kept) < ENOUGH:
        return TooFew(len(kept), ENOUGH - len(kept))
    days = sorted({review.day for review in kept})
    held_days = max(1, len(days) // HELD)
    since = days[-held_days]
    told = lives_of(event for event in events if event.day < since)
    before = [each for each in recollections(events, rules, half(tick, 0)) if each.day >= since]
    if not told or not before:
        return TooFew(len(kept), 0)
    parameters = optimum(told)
    found = replace(rules, parameters=parameters)
    after = [each for each in recollections(events, found, half(tick, 1)) if each.day >= since]
    return Fit(
        reviews=len(kept),
        days=len(days),
        held=len(before),
        held_days=held_days,
        before=log_loss(before),
        after=log_loss(after),
        parameters=parameters,
    )


def lives_of(events: Iterable[CardEvent]) -> list[Life]:
    """What was answered of each card, from the first time or from when it was made new again, in the log's order: each
    rating, and the days since the one before. Lives without a second day teach nothing.
    """
    lives: list[Life] = []
    of: dict[str, tuple[date, Life]] = {}
    for event in events:
        match event:
            case Forget(card=card):
                of.pop(card, None)
            case Review(cram=False, card=card, day=day, rating=rating):
                last, life = of.get(card, (day, []))
                if not life:
                    lives.append(life)
                life.append((int(rating), max(0, (day - last).days)))
                of[card] = max(day, last), life
            case _:
                pass
    return [life[:FIRST] for life in lives if any(days for _, days in life[:FIRST])]


def optimum(lives: Sequence[Life]) -> tuple[float, ...]:
    """The parameters that predict these lives best, of those that FSRS takes."""
    from fsrs_rs_python import DEFAULT_PARAMETERS, FSRS, FSRSItem, FSRSReview

    items = []
    for life in lives:
        reviews = [FSRSReview(rating, days) for rating, days in life]
        items += [FSRSItem(reviews[: n + 1]) for n, (_, days) in enumerate(life) if days]
    found = FSRS(DEFAULT_PARAMETERS).compute_parameters(items)
    return tuple(round(min(max(each, least), most), DIGITS) for each, (least, most) in zip(found, BOUNDS, strict=True))


def half(tick: Tick | None, n: int) -> Tick | None:
    """One of two rounds over the same events."""
    return tick and (lambda done, of: tick(n * of + done, 2 * of))


def log_loss(recalled: Sequence[Recalled]) -> float:
    """The mean surprise: 0 would be a prophet, 0.69 a coin."""
    said = (each.predicted if each.recalled else 1 - each.predicted for each in recalled)
    return -fmean(log(max(chance, SURE)) for chance in said)
