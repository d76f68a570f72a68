"""The cards of the day towards an interview, from the log."""

from __future__ import annotations

from collections.abc import Sequence

from interview.content.deck import Card
from interview.drill.pace import cost_at, tempo
from interview.drill.plan import Cost
from interview.record import Review
from interview.store import Store

LATELY = 300  # of the log's last rows


def own_cost(store: Store, cards: Sequence[Card]) -> Cost:
    """What a card costs this person, told from the last reviews."""
    recent = [event for _, event in store.events(since=store.newest() - LATELY) if isinstance(event, Review)]
    return cost_at(tempo(recent, {card.name: card.kind for card in cards}))
