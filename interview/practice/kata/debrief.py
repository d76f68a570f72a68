"""The debrief: which of a kata's cards are asked once it has passed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from interview.content.cards.deck import Card
from interview.drill.day import as_of
from interview.drill.schedule import is_buried, is_due, urgency
from interview.log.record import Memory

MOST = 3


def to_ask(cards: Sequence[Card], memories: Mapping[str, Memory], today: date) -> list[Card]:
    """What is due, then what was never seen, then the likeliest forgotten; nothing put away, or answered today."""
    known = as_of(cards, memories, today)

    def is_open(card: Card) -> bool:
        memory = known[card.name]
        return not memory.suspended and not is_buried(memory, today) and memory.last != today

    def rank(card: Card) -> tuple[bool, bool, float]:
        memory = known[card.name]
        return not is_due(memory, today), not memory.is_new, 0.0 if memory.is_new else -urgency(memory, today)

    return sorted(filter(is_open, cards), key=rank)[:MOST]
