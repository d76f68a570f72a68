"""The pace: how long a card takes, a guess by its kind, corrected by how fast this person has answered lately."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from statistics import median

from interview.content.cards.deck import Card
from interview.drill.answers import seconds
from interview.log.record import Review

ENOUGH = 10  # timed reviews before a person's own pace is believed


def tempo(reviews: Iterable[Review], cards: Mapping[str, Card]) -> float:
    """This person's seconds to the guessed ones; 1 until there is enough to tell."""
    ratios = [each.seconds / seconds(cards[each.card]) for each in reviews if each.seconds > 0 and each.card in cards]
    return min(3.0, max(0.2, median(ratios))) if len(ratios) >= ENOUGH else 1.0


def cost_at(pace: float) -> Callable[[Card], float]:
    return lambda card: seconds(card) * pace
