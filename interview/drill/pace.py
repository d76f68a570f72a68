"""The pace: how long a card takes, a guess by its kind, corrected by how fast this person has answered lately."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from interview.content.cards.deck import Card
from interview.drill.answers import seconds
from interview.log.record import Review

ENOUGH = 10  # timed reviews before a person's own pace is believed


def tempo(reviews: Iterable[Review], cards: Mapping[str, Card]) -> float:
    """This person's seconds to the guessed ones; 1 until there is enough to tell."""
    ratios = [each.seconds / seconds(cards[each.card]) for each in reviews if each.seconds > 0 and each.card in cards]
    if len(ratios) < ENOUGH:
        return 1.0
    ratios.sort()
    middle = (ratios[(len(ratios) - 1) // 2] + ratios[len(ratios) // 2]) / 2  # `statistics` takes as long as the rest
    return min(3.0, max(0.2, middle))


def cost_at(pace: float) -> Callable[[Card], float]:
    return lambda card: seconds(card) * pace
