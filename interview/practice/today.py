"""What to do now: the cards due, the new ones, a kata, the weakest topic; within the minutes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from interview.content.deck import Card, Deck, Text
from interview.drill.plan import Cost, Goal, aim, choose
from interview.drill.schedule import is_due
from interview.drill.session import current, is_fresh
from interview.practice.listing import KataLine
from interview.practice.topics import Topic, weakest
from interview.record import Memory

FAR = timedelta(days=36500)
DAY = 24 * 60  # minutes: no limit
STATUS = ("due", "tried", "new", "passed")


@dataclass(frozen=True, slots=True)
class DeckShare:
    """A deck's part of today: due cards, and new ones to begin."""

    id: str
    title: Text
    due: int
    new: int


@dataclass(frozen=True, slots=True)
class Today:
    """`cards` fit the minutes, what matters first; `waiting` are due and do not fit."""

    day: date
    minutes: float | None
    goal: Goal | None
    begun: bool
    done: int
    cards: tuple[Card, ...]
    waiting: tuple[Card, ...]
    seconds: float
    decks: tuple[DeckShare, ...]
    katas: tuple[KataLine, ...]
    weak: Topic | None

    @property
    def due(self) -> int:
        return sum(deck.due for deck in self.decks)

    @property
    def new(self) -> int:
        return sum(deck.new for deck in self.decks)

    @property
    def kata(self) -> KataLine | None:
        """The one to write now, if the minutes that the cards leave are enough."""
        left = None if self.minutes is None else self.minutes - self.seconds / 60
        return next((kata for kata in self.katas if left is None or kata.minutes <= left), None)


def look_at(
    decks: Sequence[Deck],
    memories: Mapping[str, Memory],
    katas: Sequence[KataLine],
    day: date,
    *,
    goal: Goal | None,
    minutes: float | None,
    new: int,
    cost: Cost,
) -> Today:
    cards = [card for deck in decks for card in deck.cards]
    known = aim(cards, memories, goal, day) if goal else as_of(cards, memories, day)
    begun = {card.deck for card in cards if not known[card.name].is_new}
    offered = [card for card in cards if goal or card.deck in begun]
    span = Goal(goal.on if goal else day + FAR, minutes or (goal.minutes if goal else DAY), new)
    share = choose(offered, known, day, span, cost)
    return Today(
        day=day,
        minutes=minutes or (goal.minutes if goal else None),
        goal=goal,
        begun=bool(begun) or any(kata.status != "new" for kata in katas),
        done=sum(memory.last == day for memory in known.values()),
        cards=share.chosen,
        waiting=tuple(card for card in share.waiting if is_due(known[card.name], day)),
        seconds=share.seconds,
        decks=shares(decks, share.chosen, known, day),
        katas=to_write(katas),
        weak=next(iter(weakest(cards, known, day, most=1)), None),
    )


def as_of(cards: Sequence[Card], memories: Mapping[str, Memory], day: date) -> dict[str, Memory]:
    return {card.name: current(memories.get(card.name) or Memory(card.name), card, day) for card in cards}


def shares(
    decks: Sequence[Deck], chosen: Sequence[Card], known: Mapping[str, Memory], day: date
) -> tuple[DeckShare, ...]:
    found = []
    for deck in decks:
        mine = [known[card.name] for card in chosen if card.deck == deck.id]
        if mine:
            fresh = sum(is_fresh(memory, day) for memory in mine)
            found.append(DeckShare(deck.id, deck.title, len(mine) - fresh, fresh))
    return tuple(sorted(found, key=lambda share: -share.due))


def to_write(katas: Sequence[KataLine]) -> tuple[KataLine, ...]:
    """Those not passed: what a failure called back, what was tried, then the easiest new one."""
    left = [kata for kata in katas if kata.status != "passed"]
    return tuple(sorted(left, key=lambda kata: (STATUS.index(kata.status), kata.level, kata.minutes)))
