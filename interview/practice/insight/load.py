"""The load: what a day costs at one recall or another, lived ahead from the memories. Values in, values out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta

from interview.content.cards.deck import Card
from interview.dataclass import dataclass
from interview.drill.day import as_of, is_fresh
from interview.drill.draw import mix
from interview.drill.plan import Cost
from interview.drill.schedule import Rules, aimed_at, recall, retrievability
from interview.log.record import Memory, Rating

DAYS = 30
AIMS = (0.8, 0.85, 0.9, 0.95)  # shares recalled that are laid out beside the person's own
SAMPLE = 400  # lives; of more cards each stands for several, of fewer each is lived several times


@dataclass(frozen=True, slots=True)
class Load:
    """A day of the next thirty, on average, when that share is to be recalled; `own`: it is what the person has set."""

    retention: float
    reviews: float
    seconds: float
    own: bool


def loads(
    cards: Sequence[Card], memories: Mapping[str, Memory], today: date, rules: Rules, *, new: int, cost: Cost
) -> tuple[Load, ...]:
    """The load of each aim, the lowest first. What waits today is in it, and so many `new` cards a day, while there are
    any; limits and an interview ahead are not.

    Each card is recalled or not as its memory predicts, by a draw that is the same for all aims.
    """
    lives = begin(cards, as_of(cards, memories, today), today, new)
    chosen = lives[:: -(-len(lives) // SAMPLE) or 1]
    times = max(1, SAMPLE // max(1, len(chosen)))
    share = len(lives) / len(chosen) / DAYS / times if chosen else 0.0
    until = today + timedelta(days=DAYS)
    found = []
    for aim in sorted({*AIMS, rules.retention}):
        at = replace(rules, retention=aim, fuzz=False)
        asked = [
            (sum(live(memory, since, until, at, luck) for luck in range(times)), cost(card))
            for card, memory, since in chosen
        ]
        reviews, seconds = sum(n for n, _ in asked), sum(n * each for n, each in asked)
        found.append(Load(aim, share * reviews, share * seconds, own=aim == rules.retention))
    return tuple(found)


def begin(cards: Sequence[Card], known: Mapping[str, Memory], today: date, new: int) -> list[tuple[Card, Memory, date]]:
    """The cards that the days have a part for, each with the first day it may be asked on."""
    lives = []
    for card in cards:
        memory = known[card.name]
        if not memory.suspended and not (memory.is_new and memory.forced is None):
            lives.append((card, memory, max(today, memory.buried_until or today)))
    fresh = [card for card in cards if is_fresh(known[card.name], today)][: new * DAYS]
    begun = sum(memory.first == today for memory in known.values())
    for n, card in enumerate(fresh, start=begun):
        lives.append((card, known[card.name], today + timedelta(days=n // new)))
    return lives


def live(memory: Memory, since: date, until: date, rules: Rules, luck: int) -> int:
    """How often the card is asked before `until`. What is forgotten is asked once more on the same day."""
    asked = 0
    memory = aimed_at(memory, rules)
    day = since if memory.due is None or memory.forced is not None else max(since, memory.due)
    while day < until:
        drawn = mix(memory.reviews, f"{memory.card} {luck}") / (1 << 64)
        if not memory.is_new and drawn >= retrievability(memory, day, rules):
            memory, asked = recall(memory, Rating.AGAIN, day, rules), asked + 1
        memory, asked = recall(memory, Rating.GOOD, day, rules), asked + 1
        assert memory.due is not None
        day = memory.due
    return asked
