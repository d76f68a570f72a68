"""The plan for the interview's date: which cards are for today, and what will not fit. Values in, values out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import field, replace
from datetime import date, timedelta
from zlib import crc32

from interview.content.cards.deck import Card
from interview.content.roles import Role
from interview.dataclass import dataclass
from interview.drill.day import ANY, Limits, as_of, is_fresh, within_limits
from interview.drill.hand import Task, is_wanted, to_write, written
from interview.drill.horizon import FINAL, LOOKS, toward
from interview.drill.schedule import Rules, is_due, recall, urgency
from interview.log.record import Memory, Rating

MINUTES = 30  # a day, when none are given
EARLIER = 5  # days over which the last looks of the other cards are spread
SHARE = 2 / 3  # of the day's minutes, for a kata that is due
LAST_LOOKS = 7  # days kept free of new cards, where that can be had

Cost = Callable[[Card], float]  # seconds that one asking takes


@dataclass(frozen=True, slots=True)
class Goal:
    """The interview's day, the minutes a day for it, and the new cards a day that would be begun without it.

    The minutes take the place of the day's limits; the new cards and reviews that a deck has at most still hold.
    The `role` weighs the topics.
    """

    on: date
    minutes: float = MINUTES
    new: int = 10
    decks: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    role: Role | None = None

    def days(self, today: date) -> int:
        """Days left to learn in, today included."""
        return max(0, (self.on - today).days)


@dataclass(frozen=True, slots=True)
class Slice:
    """One day: the cards that fit, what matters first, those due that do not fit, and the katas that fit beside them.

    `seconds` are the cards'.
    """

    chosen: tuple[Card, ...]
    waiting: tuple[Card, ...]
    seconds: float
    katas: tuple[Task, ...] = ()


@dataclass(frozen=True, slots=True)
class Load:
    """What a day to come holds, if all goes well."""

    day: date
    cards: int
    new: int
    seconds: float
    katas: int = 0


@dataclass(frozen=True, slots=True)
class Short:
    """A card that will not be ready: how often it will have been seen, and when last."""

    card: Card
    looks: int
    last: date | None


@dataclass(frozen=True, slots=True)
class Outlook:
    """The days from today to the eve, the cards that will not fit them, what matters first, and the katas."""

    loads: tuple[Load, ...]
    short: tuple[Short, ...]
    today: Slice
    short_katas: tuple[str, ...] = ()

    @property
    def fits(self) -> bool:
        return not (self.short or self.short_katas)


def aim(cards: Sequence[Card], memories: Mapping[str, Memory], goal: Goal, today: date) -> dict[str, Memory]:
    """The memory of each card, its due day drawn in for the goal; those of other cards as they are."""
    known = as_of(cards, memories, today)
    return {**memories, **{card.name: toward(known[card.name], ready_by(card, goal)) for card in cards}}


def ready_by(card: Card, goal: Goal) -> date:
    """The day that the card heads for. Only must-know cards crowd the last days; the others are ready before."""
    return goal.on if card.must_know else spread_over(card.name, goal)


def spread_over(name: str, goal: Goal) -> date:
    return goal.on - timedelta(days=crc32(name.encode()) % EARLIER)


def aim_kata(memory: Memory, goal: Goal) -> Memory:
    """As `aim` for a card that is no must-know one."""
    return toward(memory, spread_over(memory.card, goal))


def choose(
    cards: Sequence[Card], memories: Mapping[str, Memory], today: date, goal: Goal, cost: Cost,
    tasks: Sequence[Task] = (),
) -> Slice:  # fmt: skip
    """Today's cards, within the minutes that today has left: must-know before the rest, the least known first.

    `memories` are those of `aim`. New cards are begun early enough for their looks, so that the last days repeat.
    """
    due = [card for card in cards if is_due(memories[card.name], today)]
    due.sort(key=lambda card: rank(card, memories[card.name], today, goal.role))
    fresh = [card for card in cards if is_fresh(memories[card.name], today)]
    fresh.sort(key=lambda card: (not card.must_know, -weight(card, goal.role)))
    begun = sum(memories[card.name].first == today for card in cards)
    spread = max(1, goal.days(today) - LAST_LOOKS)
    share = max(goal.new, -(-(len(fresh) + begun) // spread)) - begun
    reviews, new = within_limits(due, fresh, memories, today, Limits(ANY, ANY, decks=goal.decks))
    offered = [*reviews, *new[: max(0, share)]]
    return within(goal.minutes, offered, cards, memories, today, cost, tasks, goal.role)


def within(
    minutes: float, offered: Sequence[Card], cards: Sequence[Card], memories: Mapping[str, Memory], today: date,
    cost: Cost, tasks: Sequence[Task] = (), role: Role | None = None,
) -> Slice:  # fmt: skip
    """Of the cards offered, and of the katas, those that fit what today's share of the `cards` has left of the minutes.

    A kata takes as long as twenty cards, and would never have its turn if it got what they leave. So one a day has its
    place: one that is due, if it takes no more than `SHARE` of the day, after the pressing cards; else any that is due,
    or one never passed, before the new cards that are no must-know ones. More of them get what is left.
    """
    ranked = sorted(offered, key=lambda card: rank(card, memories[card.name], today, role))
    due, fresh = to_write(tasks, today)
    left = minutes * 60 - spent(cards, memories, today, cost)
    pressing = sum(cost(card) for card in ranked if is_pressing(card, memories[card.name]))
    known = sum(cost(card) for card in ranked if card.must_know or not memories[card.name].is_new)
    room = min(left - pressing, SHARE * minutes * 60)
    katas = [task for task in due if task.seconds <= room][:1]
    katas = katas or [task for task in (*due, *fresh) if task.seconds <= left - known][:1]
    left -= sum(task.seconds for task in katas)
    chosen: list[Card] = []
    for card in ranked:
        if cost(card) > left:
            break
        left -= cost(card)
        chosen.append(card)
    for task in due:
        if task not in katas and task.seconds <= left:
            katas.append(task)
            left -= task.seconds
    if not any(task in fresh for task in katas):
        katas += [task for task in fresh if task.seconds <= left][:1]
    return Slice(tuple(chosen), tuple(ranked[len(chosen) :]), sum(map(cost, chosen)), tuple(katas))


def is_pressing(card: Card, memory: Memory) -> bool:
    """Called for, or a must-know card that is due."""
    return memory.forced is not None or (card.must_know and not memory.is_new)


def spent(cards: Sequence[Card], memories: Mapping[str, Memory], today: date, cost: Cost) -> float:
    """The seconds that today's answers took; one of another deck counts as much as these cards do on average."""
    own = {card.name: cost(card) for card in cards}
    if not own:
        return 0.0
    usual = sum(own.values()) / len(own)
    return sum(own.get(name, usual) for name, memory in memories.items() if memory.last == today)


def rank(card: Card, memory: Memory, today: date, role: Role | None = None) -> tuple[bool, bool, bool, float]:
    """What was called for; must-know cards, then the others; of each what is due before what is new, and the
    likeliest forgotten first. A topic that weighs twice is as urgent as one that is twice as long ago, and of new cards
    begun first.
    """
    pressing = 1.0 if memory.is_new else urgency(memory, today)
    return memory.forced is None, not card.must_know, memory.is_new, -weight(card, role) * pressing


def weight(card: Card, role: Role | None) -> float:
    return role.weight(card.deck) if role else 1.0


def foresee(
    cards: Sequence[Card], memories: Mapping[str, Memory], today: date, goal: Goal, cost: Cost, rules: Rules,
    tasks: Sequence[Task] = (), gone: float = 0.0,
) -> Outlook:  # fmt: skip
    """The days to come, each card answered GOOD, each kata passed: the least that has to be done.

    `gone` are the minutes that today's katas took. The memories of the `tasks` are those of `aim_kata`.
    """
    now = dict(memories)
    first = choose(cards, now, today, replace(goal, minutes=goal.minutes - gone), cost, tasks)
    loads = []
    for n in range(goal.days(today)):
        day = today + timedelta(days=n)
        part = first if n == 0 else choose(cards, now, day, goal, cost, tasks)
        fresh = sum(is_fresh(now[card.name], day) for card in part.chosen)
        seconds = part.seconds + sum(task.seconds for task in part.katas)
        loads.append(Load(day, len(part.chosen), fresh, seconds, len(part.katas)))
        now |= {card.name: recall(now[card.name], Rating.GOOD, day, rules) for card in part.chosen}
        tasks = [written(task, day, rules) if task in part.katas else task for task in tasks]
    eve = goal.on - timedelta(days=1)
    left = tuple(task.kata for task in tasks if not task.done or is_wanted(task, eve))
    return Outlook(tuple(loads), fall_short(cards, now, goal, today), first, left)


def fall_short(cards: Sequence[Card], memories: Mapping[str, Memory], goal: Goal, today: date) -> tuple[Short, ...]:
    """The cards seen too seldom by then, or too long before. `memories` are those of the eve."""
    found = []
    for card in cards:
        memory, until = memories[card.name], ready_by(card, goal)
        looks = min(LOOKS, max(1, (until - today).days))
        stale = memory.last is None or memory.last < until - timedelta(days=FINAL)
        if not memory.suspended and (memory.reviews < looks or stale):
            found.append(Short(card, memory.reviews, memory.last))
    return tuple(sorted(found, key=lambda each: (not each.card.must_know, each.looks)))
