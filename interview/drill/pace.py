"""The pace: how long a card takes, a guess by its kind, corrected by how fast this person has answered lately."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from statistics import median

from interview.content.cards.deck import Card
from interview.log.record import Review

SECONDS = {"open": 75, "choice": 30, "true_false": 40, "numeric": 60, "predict_output": 45, "spot_bug": 45}
ENOUGH = 10  # timed reviews before a person's own pace is believed


def tempo(reviews: Iterable[Review], kinds: Mapping[str, str]) -> float:
    """This person's seconds to the guessed ones; 1 until there is enough to tell."""
    ratios = [each.seconds / SECONDS[kinds[each.card]] for each in reviews if each.seconds > 0 and each.card in kinds]
    return min(3.0, max(0.2, median(ratios))) if len(ratios) >= ENOUGH else 1.0


def cost_at(pace: float) -> Callable[[Card], float]:
    return lambda card: SECONDS[card.kind] * pace
