"""The agenda: the cards due, the new ones, a kata, the weakest topic; within the minutes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from interview.content.cards.deck import Card, Deck
from interview.dataclass import dataclass
from interview.drill.day import Limits, as_of, day_of, is_fresh, mixed
from interview.drill.plan import Cost, Goal, aim, choose, spent, within
from interview.log.record import Memory
from interview.practice.insight.listing import KataLine
from interview.practice.insight.topics import Topic, weakest
from interview.text import Text

STATUS = ("due", "tried", "new", "passed")


@dataclass(frozen=True, slots=True)
class DeckShare:
    """A deck's part of today: due cards, and new ones to begin."""

    id: str
    title: Text
    due: int
    new: int


@dataclass(frozen=True, slots=True)
class Share:
    """What the day asks: `cards` are to be answered now, in this order; `waiting` are due and do not fit.

    `due` counts all that is due, `new` the new cards among `cards`, `left` all that is due or new and not among them.
    """

    cards: tuple[Card, ...]
    waiting: tuple[Card, ...]
    due: int
    new: int
    left: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Today:
    day: date
    minutes: float | None
    goal: Goal | None
    begun: bool
    done: int
    share: Share
    decks: tuple[DeckShare, ...]
    katas: tuple[KataLine, ...]
    weak: Topic | None

    @property
    def due(self) -> int:
        return sum(deck.due for deck in self.decks)

    @property
    def kata(self) -> KataLine | None:
        """The one to write now, if the minutes that the cards leave are enough."""
        left = None if self.minutes is None else self.minutes - self.share.seconds / 60
        return next((kata for kata in self.katas if left is None or kata.minutes <= left), None)


def look_at(
    decks: Sequence[Deck],
    memories: Mapping[str, Memory],
    katas: Sequence[KataLine],
    day: date,
    *,
    goal: Goal | None,
    minutes: float | None,
    limits: Limits,
    cost: Cost,
) -> Today:
    cards = [card for deck in decks for card in deck.cards]
    known = as_of(cards, aim(cards, memories, goal, day) if goal else memories, day)
    share = share_of(cards, memories, day, goal=goal, limits=limits, cost=cost, minutes=minutes)
    return Today(
        day=day,
        minutes=minutes or (goal.minutes if goal else None),
        goal=goal,
        begun=bool(share.due)
        or any(not memory.is_new for memory in known.values())
        or any(kata.status != "new" for kata in katas),
        done=sum(memory.last == day for memory in known.values()),
        share=share,
        decks=shares(decks, share.cards, known, day),
        katas=to_write(katas),
        weak=next(iter(weakest(cards, known, day, most=1)), None),
    )


def share_of(
    cards: Sequence[Card],
    memories: Mapping[str, Memory],
    day: date,
    *,
    goal: Goal | None,
    limits: Limits,
    cost: Cost,
    minutes: float | None = None,
) -> Share:
    """What `interview quiz` asks, in its order; of that, if there are `minutes` from now on, what fits them."""
    known = aim(cards, memories, goal, day) if goal else {**memories, **as_of(cards, memories, day)}
    count = day_of(cards, known, day, limits)
    chosen = (*count.reviews, *count.new)
    of_day = minutes and minutes + spent(cards, known, day, cost) / 60
    if goal:
        chosen = choose(cards, known, day, replace(goal, minutes=of_day or goal.minutes), cost).chosen
    elif of_day:
        chosen = within(of_day, chosen, cards, known, day, cost).chosen
    names = {card.name for card in chosen}
    due = {card.name for card in count.due}
    fresh = {card.name for card in count.fresh}
    return Share(
        cards=tuple(mixed(chosen, known, day)),
        waiting=tuple(card for card in count.due if card.name not in names),
        due=len(due),
        new=len(names - due),
        left=len((due | fresh) - names),
        seconds=sum(map(cost, chosen)),
    )


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
    """Those not passed: what a failure called back, what was tried, then the easiest new one that is unlocked."""
    left = [kata for kata in katas if kata.status != "passed"]
    return tuple(
        sorted(left, key=lambda kata: (STATUS.index(kata.status), bool(kata.locked), kata.level, kata.minutes))
    )
