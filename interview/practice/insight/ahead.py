"""The way ahead to the interview, from the log: what a card costs this person, what fits the days left."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date

from interview.content.cards.deck import Card
from interview.dataclass import dataclass
from interview.drill.pace import cost_at, tempo
from interview.drill.plan import Cost, Goal, Outlook, aim, foresee
from interview.drill.schedule import Rules
from interview.log.record import Memory, Review
from interview.log.store import Store
from interview.practice.insight.listing import KataLine
from interview.practice.insight.today import in_order

LATELY = 300  # of the log's last rows
MOST = 480  # minutes a day that anyone could mean


def own_cost(store: Store, cards: Sequence[Card]) -> Cost:
    """What a card costs this person, told from the last reviews."""
    recent = [event for _, event in store.events(since=store.newest() - LATELY) if isinstance(event, Review)]
    return cost_at(tempo(recent, {card.name: card for card in cards}))


@dataclass(frozen=True, slots=True)
class Road:
    """From today to the interview: what fits, what does not, and the katas left or due, the next first.

    `enough` are the minutes a day that everything would fit into; None when the days are too few for that.
    """

    goal: Goal
    today: date
    begun: int
    cards: int
    must_know: int
    outlook: Outlook
    enough: int | None
    katas: tuple[KataLine, ...]

    @property
    def days(self) -> int:
        return self.goal.days(self.today)


def look_ahead(
    store: Store, cards: Sequence[Card], memories: Mapping[str, Memory], katas: Sequence[KataLine], *, goal: Goal,
    today: date, rules: Rules, gone: float = 0.0,
) -> Road:  # fmt: skip
    aimed = aim(cards, memories, goal, today)
    cost = own_cost(store, cards)
    tasks = [kata.task for kata in in_order(katas)]

    def at(minutes: float) -> Outlook:
        return foresee(cards, aimed, today, replace(goal, minutes=minutes), cost, rules, tasks, gone)

    outlook = at(goal.minutes)
    return Road(
        goal=goal,
        today=today,
        begun=sum(not aimed[card.name].is_new for card in cards),
        cards=len(cards),
        must_know=sum(card.must_know for card in cards),
        outlook=outlook,
        enough=round(goal.minutes) if outlook.fits else find_enough(lambda minutes: at(minutes).fits, goal.minutes),
        katas=tuple(kata for kata in in_order(katas) if kata.status != "passed"),
    )


def find_enough(fits: Callable[[float], bool], minutes: float) -> int | None:
    """The fewest minutes a day, in steps of five, that leave nothing short."""
    low, high = int(minutes) // 5, MOST // 5
    if not fits(5 * high):
        return None
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if fits(5 * middle) else (middle, high)
    return 5 * high
