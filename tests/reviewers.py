"""Simulated reviewers: people whose memory is FSRS's with parameters that are known, drilled day by day.

`python tests/reviewers.py [REVIEWS]` fits each and prints the log loss on the days held out: of the defaults, of what
was fitted, and of the truth.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from random import Random

from interview.drill.schedule import DEFAULT, Rules, recall, retrievability
from interview.log.record import Memory, Rating, Review
from interview.practice.insight.fit import HELD, TooFew, fit, log_loss
from interview.practice.insight.history import recollections

START = date(2026, 1, 5)
USUAL = (
    0.212, 1.2931, 2.3065, 8.2956, 6.4133, 0.8334, 3.0194, 0.001, 1.8722, 0.1666, 0.796, 1.4835, 0.0614, 0.2629, 1.6483,
    0.6014, 1.8729, 0.5425, 0.0912, 0.0658, 0.1542,
)  # fmt: skip


def altered(**values: float) -> tuple[float, ...]:
    return tuple(values.get(f"w{n}", usual) for n, usual in enumerate(USUAL))


REVIEWERS = {
    "usual": USUAL,
    "forgetful": altered(w0=0.1, w1=0.5, w2=1.2, w3=3.5, w8=1.2, w20=0.3),
    "strong": altered(w0=1.0, w1=4.0, w2=9.0, w3=25.0, w8=2.4),
    "steep": altered(w0=0.5, w1=1.5, w2=4.0, w3=12.0, w8=1.0, w11=0.8, w20=0.5),
}


def drilled(truth: tuple[float, ...], reviews: int, *, seed: int = 1, new: int = 8) -> list[Review]:
    """The first reviews of someone who answers all that is due, and begins new cards, every day. The schedule is that
    of the defaults; what is recalled is drawn from the truth.
    """
    dice, true = Random(seed), Rules(parameters=truth)
    kept: dict[str, tuple[Memory, Memory]] = {}  # as it is, as the schedule has it
    log: list[Review] = []
    day = START
    while len(log) < reviews:
        due = [name for name, (_, planned) in kept.items() if planned.due and planned.due <= day]
        for name in [*due, *(f"mine/card-{len(kept) + n}" for n in range(new))]:
            is_, planned = kept.get(name) or (Memory(name), Memory(name))
            rating = Rating.AGAIN
            while rating is Rating.AGAIN:
                rating = answer(dice, is_, day, true)
                is_, planned = recall(is_, rating, day, true), recall(planned, rating, day, DEFAULT)
                log.append(Review(name, 1, datetime.combine(day, time(12), UTC), day, rating, seconds=20.0))
            kept[name] = is_, planned
        day += timedelta(days=1)
    return log[:reviews]


def answer(dice: Random, memory: Memory, day: date, true: Rules) -> Rating:
    if memory.is_new:
        return dice.choices(list(Rating), (25, 15, 45, 15))[0]
    chance = 0.8 if memory.last == day else retrievability(memory, day, true)
    return dice.choices(list(Rating)[1:], (15, 70, 15))[0] if dice.random() < chance else Rating.AGAIN


def true_loss(truth: tuple[float, ...], reviews: list[Review]) -> float:
    """Of someone who knew the parameters, on the days that a fit holds out."""
    days = sorted({review.day for review in reviews})
    since = days[-max(1, len(days) // HELD)]
    seen = recollections(reviews, replace(DEFAULT, parameters=truth))
    return log_loss([each for each in seen if each.day >= since])


if __name__ == "__main__":
    for name, truth in REVIEWERS.items():
        lived = drilled(truth, int([*sys.argv, "2000"][1]))
        found = fit(lived, DEFAULT)
        assert not isinstance(found, TooFew)
        print(
            f"{name:9} {found.reviews} reviews on {found.days} days, {found.held} held out:"
            f" defaults {found.before:.4f}  fitted {found.after:.4f}  truth {true_loss(truth, lived):.4f}"
        )
