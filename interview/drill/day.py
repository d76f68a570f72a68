"""The day: which cards are due, which new ones it begins, what waits. Every command counts by this."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import field, replace
from datetime import date

from interview.content.cards.deck import Card
from interview.dataclass import dataclass
from interview.drill.draw import mix
from interview.drill.schedule import is_buried, is_due, urgency
from interview.log.record import Memory

ANY = 1 << 62  # no limit


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
    reviews, new = within_limits(due, fresh, {**memories, **known}, today, limits)
    return Day(tuple(due), reviews, tuple(fresh), new)


def within_limits(
    due: Sequence[Card], fresh: Sequence[Card], memories: Mapping[str, Memory], today: date, limits: Limits
) -> tuple[tuple[Card, ...], tuple[Card, ...]]:
    """Of the cards due, and of the new ones, those that the day still has room for, and their decks.

    What was forgotten today and is due once more has had its place; what was called for before it was ever seen takes
    one of the new ones.
    """
    rated = {name: memory.first == today for name, memory in memories.items() if memory.last == today}
    begun = {name for name, is_first in rated.items() if is_first}
    begun |= {card.name for card in due if memories[card.name].is_new}
    new_of, reviews_of = ({deck: most[n] for deck, most in limits.decks.items()} for n in (0, 1))
    reviews = allowed(due, rated.keys() - begun, limits.reviews, reviews_of, free=rated)
    return reviews, allowed(fresh, begun, limits.new, new_of)


def allowed(
    cards: Iterable[Card], had: Collection[str], most: int, by_deck: Mapping[str, int], *, free: Collection[str] = ()
) -> tuple[Card, ...]:
    """The first of the cards that the day has room for, and their decks, after those that it `had`; and all `free`."""
    total = most - len(had)
    room = Counter(by_deck)
    room.subtract(name.split("/")[0] for name in had)
    taken = []
    for card in cards:
        if card.name in free:
            taken.append(card)
        elif total > 0 and (card.deck not in by_deck or room[card.deck] > 0):
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
