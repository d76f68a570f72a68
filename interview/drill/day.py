"""What a day holds: which cards are due, which new ones it begins, what waits. Every command counts by this."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from interview.content.deck import Card
from interview.drill.draw import mix
from interview.drill.schedule import is_buried, is_due, urgency
from interview.record import Memory


@dataclass(frozen=True, slots=True)
class Limits:
    """New cards and reviews a day; `cards` (from `-n`), when given, is how many this sitting has, whatever the day.

    `decks` are the new cards and reviews that a deck has at most, within those of the day.
    """

    new: int = 10
    reviews: int = 100
    cards: int | None = None
    decks: Mapping[str, tuple[int, int]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Day:
    """Each card is in one of `due` and `fresh`, or in neither: it comes later, is buried, or suspended.

    `due` begins with what was called for, then the likeliest forgotten; `reviews` are those within the day's limit.
    `fresh` were never seen, in the order that they are begun in; `new` are those that the day still begins.
    """

    due: tuple[Card, ...]
    reviews: tuple[Card, ...]
    fresh: tuple[Card, ...]
    new: tuple[Card, ...]


def day_of(cards: Sequence[Card], memories: Mapping[str, Memory], today: date, limits: Limits) -> Day:
    """The limits are the day's, not a deck's or a sitting's: `memories` has every card that was rated today."""
    known = as_of(cards, memories, today)
    due = [card for card in cards if is_due(known[card.name], today)]
    due.sort(key=lambda card: (known[card.name].forced is None, -urgency(known[card.name], today)))
    fresh = in_turn(cards, known, today)
    rated = [memory for memory in memories.values() if memory.last == today]
    begun = [memory.card for memory in rated if memory.first == today]
    answered = [memory.card for memory in rated if memory.first != today]
    coming = [card.name for card in due if known[card.name].is_new]  # called for before it was ever seen
    return Day(
        due=tuple(due),
        reviews=allowed(due, answered, limits.reviews, {deck: most for deck, (_, most) in limits.decks.items()}),
        fresh=tuple(fresh),
        new=allowed(fresh, {*begun, *coming}, limits.new, {deck: most for deck, (most, _) in limits.decks.items()}),
    )


def allowed(cards: Iterable[Card], had: Iterable[str], most: int, by_deck: Mapping[str, int]) -> tuple[Card, ...]:
    """The first of the cards that the day still has room for, and their decks, after those that it `had`."""
    room = Counter(by_deck)
    total = most
    for name in had:
        total -= 1
        room[name.split("/")[0]] -= 1
    taken = []
    for card in cards:
        if total > 0 and (card.deck not in by_deck or room[card.deck] > 0):
            taken.append(card)
            total -= 1
            room[card.deck] -= 1
    return tuple(taken)


def in_turn(cards: Iterable[Card], known: Mapping[str, Memory], today: date) -> list[Card]:
    """The cards never seen: must-know ones first, then one deck after the other gives one.

    What was begun today keeps its place in the count, so that a second sitting goes on where the first was left.
    """
    given: Counter[tuple[str, bool]] = Counter()
    places: dict[str, tuple[bool, int, int]] = {}
    for card in cards:
        memory = known[card.name]
        if memory.is_new or memory.first == today:
            kind = card.deck, card.must_know
            places[card.name] = (not card.must_know, given[kind], mix(today.toordinal(), card.deck))
            given[kind] += 1
    fresh = [card for card in cards if is_fresh(known[card.name], today)]
    return sorted(fresh, key=lambda card: places[card.name])


def mixed(cards: Iterable[Card], memories: Mapping[str, Memory], today: date) -> list[Card]:
    """Decks and kinds among each other, in an order that lasts the day; what was called for still leads."""
    called = {name for name, memory in memories.items() if memory.forced is not None}
    return sorted(cards, key=lambda card: (card.name not in called, mix(today.toordinal(), card.name)))


def as_of(cards: Iterable[Card], memories: Mapping[str, Memory], today: date) -> dict[str, Memory]:
    return {card.name: current(memories.get(card.name) or Memory(card.name), card, today) for card in cards}


def current(memory: Memory, card: Card, today: date) -> Memory:
    """The memory as of the card's present answer: a higher `rev` than the one last rated calls for a review."""
    return replace(memory, forced=today) if not memory.is_new and memory.rev < card.rev else memory


def is_fresh(memory: Memory, today: date) -> bool:
    """Never seen, and neither put away nor called for: what is called for is due."""
    return memory.is_new and memory.forced is None and not memory.suspended and not is_buried(memory, today)
