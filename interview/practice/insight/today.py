"""The agenda: the cards due, the new ones, a kata, the weakest topic; within the minutes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from interview.content.cards.deck import Card, Deck
from interview.dataclass import dataclass
from interview.drill.day import Limits, as_of, day_of, is_fresh, mixed
from interview.drill.hand import Task, to_write
from interview.drill.plan import Cost, Goal, aim, choose, spent, within
from interview.drill.schedule import Rules
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
    `seconds` are the cards'; the `katas` fit beside them.
    """

    cards: tuple[Card, ...]
    waiting: tuple[Card, ...]
    due: int
    new: int
    left: int
    seconds: float
    katas: tuple[Task, ...] = ()


@dataclass(frozen=True, slots=True)
class Today:
    """`katas` are those not passed or due, `now` those of them to write today. `limited`: the cards of the share are
    fewer than the quiz would ask without being told the minutes.
    """

    day: date
    minutes: float | None
    goal: Goal | None
    begun: bool
    done: int
    share: Share
    decks: tuple[DeckShare, ...]
    katas: tuple[KataLine, ...]
    now: tuple[KataLine, ...]
    limited: bool
    weak: Topic | None

    @property
    def due(self) -> int:
        return sum(deck.due for deck in self.decks)

    @property
    def kata(self) -> KataLine | None:
        """The one to write first."""
        return self.now[0] if self.now else None

    @property
    def katas_waiting(self) -> int:
        """How many are due and do not fit."""
        return sum(kata.status == "due" and kata not in self.now for kata in self.katas)


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
    rules: Rules,
    gone: float = 0.0,
) -> Today:
    """`gone` are the minutes that today's katas took."""
    cards = [card for deck in decks for card in deck.cards]
    known = as_of(cards, aim(cards, memories, goal, day) if goal else memories, day)
    tasks = [kata.task for kata in in_order(katas)]
    share = share_of(cards, memories, day, goal=goal, limits=limits, cost=cost, minutes=minutes, tasks=tasks, gone=gone)
    by_name = {kata.id: kata for kata in katas}
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
        katas=tuple(kata for kata in in_order(katas) if kata.status != "passed"),
        now=tuple(by_name[task.kata] for task in share.katas),
        limited=minutes is not None or bool(goal and (share.katas or gone)),
        weak=next(iter(weakest(cards, known, day, rules, most=1)), None),
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
    tasks: Sequence[Task] = (),
    gone: float = 0.0,
) -> Share:
    """What `interview quiz` asks, in its order; of that, if there are `minutes` from now on, what fits them beside the
    katas.
    """
    known = aim(cards, memories, goal, day) if goal else {**memories, **as_of(cards, memories, day)}
    count = day_of(cards, known, day, limits)
    chosen = (*count.reviews, *count.new)
    of_day = minutes and minutes + spent(cards, known, day, cost) / 60
    if goal:
        part = choose(cards, known, day, replace(goal, minutes=of_day or goal.minutes - gone), cost, tasks)
        chosen, katas = part.chosen, part.katas
    elif of_day:
        part = within(of_day, chosen, cards, known, day, cost, tasks)
        chosen, katas = part.chosen, part.katas
    else:
        called, fresh = to_write(tasks, day)
        katas = (*called, *fresh[:1])
    names = {card.name for card in chosen}
    due = {card.name for card in count.due}
    begins = {card.name for card in count.fresh}
    return Share(
        cards=tuple(mixed(chosen, known, day)),
        waiting=tuple(card for card in count.due if card.name not in names),
        due=len(due),
        new=len(names - due),
        left=len((due | begins) - names),
        seconds=sum(map(cost, chosen)),
        katas=katas,
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


def in_order(katas: Sequence[KataLine]) -> list[KataLine]:
    """What is due, then what was tried, then the easiest new one that is unlocked."""
    return sorted(katas, key=lambda kata: (STATUS.index(kata.status), bool(kata.locked), kata.level, kata.minutes))


def next_kata(katas: Sequence[KataLine], day: date) -> KataLine | None:
    """The one that is due, the likeliest forgotten first; else the next that is unlocked. None: all wait or passed."""
    due, fresh = to_write([kata.task for kata in in_order(katas)], day)
    first = next(iter((*due, *fresh)), None)
    return next((kata for kata in katas if first is not None and kata.id == first.kata), None)
