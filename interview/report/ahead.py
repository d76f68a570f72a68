"""Today, the path and the plan, for a program: what to do now, what needs what, what fits until the interview."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from interview.content.reading.need import Step
from interview.dataclass import dataclass
from interview.drill.plan import Goal, Short
from interview.practice.insight.ahead import Road
from interview.practice.insight.listing import KataLine
from interview.practice.insight.path import Path, Place, Progress, State
from interview.practice.insight.today import Today
from interview.practice.insight.topics import Topic
from interview.report.fields import Among, CardName, Count, KataStatus, Matches, Measure, Number


@dataclass(frozen=True, slots=True)
class KataJson:
    id: str
    status: KataStatus
    level: Count
    minutes: Count


@dataclass(frozen=True, slots=True)
class InterviewJson:
    date: date
    days: Count


@dataclass(frozen=True, slots=True)
class DeckShareJson:
    id: str
    due: Count
    new: Count


@dataclass(frozen=True, slots=True)
class WeakestJson:
    tag: str
    recall: Measure
    cards: Count
    deck: str


@dataclass(frozen=True, slots=True)
class WeightJson:
    topic: str
    weight: Measure
    source: str


@dataclass(frozen=True, slots=True)
class RoleJson:
    name: str
    weights: Annotated[tuple[WeightJson, ...], "Of the topics that do not weigh 1, each by its source."]


@dataclass(frozen=True, slots=True)
class TodayJson:
    """`today --json`."""

    day: date
    minutes: Measure | None
    seconds: Measure
    begun: bool
    interview: InterviewJson | None
    done: Count
    due: Count
    new: Count
    cards: tuple[CardName, ...]
    waiting: tuple[CardName, ...]
    decks: tuple[DeckShareJson, ...]
    katas: tuple[KataJson, ...]
    kata: str | None
    write: Annotated[tuple[str, ...], "The katas that fit beside the cards; `kata` is the first."]
    weakest: WeakestJson | None
    role: RoleJson | None


@dataclass(frozen=True, slots=True)
class PlannedCardsJson:
    total: Count
    begun: Count
    must_know: Count


@dataclass(frozen=True, slots=True)
class ShareJson:
    cards: tuple[CardName, ...]
    waiting: tuple[CardName, ...]
    seconds: Measure
    katas: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LoadJson:
    day: date
    cards: Count
    new: Count
    seconds: Annotated[Measure, "Of the cards and the katas."]
    katas: Count


@dataclass(frozen=True, slots=True)
class ShortJson:
    card: CardName
    must_know: bool
    looks: Count
    last: date | None


@dataclass(frozen=True, slots=True)
class RoadJson:
    date: date
    days: int
    minutes: Measure
    cards: PlannedCardsJson
    today: ShareJson
    load: tuple[LoadJson, ...]
    fits: bool
    short: tuple[ShortJson, ...]
    short_katas: Annotated[tuple[str, ...], "Never passed by then, or due once more."]
    enough: Count | None
    katas: tuple[KataJson, ...]
    role: RoleJson | None


@dataclass(frozen=True, slots=True)
class NoRoadJson:
    date: None
    days: None
    minutes: None


NO_ROAD = NoRoadJson(None, None, None)
PlanJson = Annotated[RoadJson | NoRoadJson, "`plan --json`; more than the first three only with a date."]


StepName = Annotated[str, Matches("^(kata|deck):[a-z0-9][a-z0-9_-]*$")]


@dataclass(frozen=True, slots=True)
class StepJson:
    kind: Annotated[str, Among("kata", "deck")]
    id: str
    state: Annotated[State, "A deck is known or not; `due` below are its cards that are."]
    needs: Annotated[tuple[StepName, ...], "Those that are installed."]
    lacks: Annotated[tuple[StepName, ...], "Of these, the ones that are not met."]
    absent: Annotated[tuple[str, ...], "As they are written: nothing of that name is installed."]
    met: Annotated[bool, "A kata that was passed, due again or not; a deck that is known."]
    due: Count
    level: Number | None
    minutes: Number | None


@dataclass(frozen=True, slots=True)
class ProgressJson:
    deck: str
    right: Annotated[Count, "The cards whose last rating is no Again."]
    total: Count
    level: Annotated[Number | None, "The highest of these cards."]


@dataclass(frozen=True, slots=True)
class PathJson:
    """`path --json`; the steps in the order that they are drawn in."""

    steps: tuple[StepJson, ...]
    topics: tuple[ProgressJson, ...]
    next: Annotated[str | None, "The kata to write now."]


def today_json(today: Today) -> TodayJson:
    goal = today.goal
    return TodayJson(
        day=today.day,
        minutes=today.minutes,
        seconds=round(today.share.seconds),
        begun=today.begun,
        interview=InterviewJson(goal.on, goal.days(today.day)) if goal else None,
        done=today.done,
        due=today.share.due,
        new=today.share.new,
        cards=tuple(card.name for card in today.share.cards),
        waiting=tuple(card.name for card in today.share.waiting),
        decks=tuple(DeckShareJson(id=deck.id, due=deck.due, new=deck.new) for deck in today.decks),
        katas=tuple(kata_json(kata) for kata in today.katas),
        kata=today.kata.id if today.kata else None,
        write=tuple(kata.id for kata in today.now),
        weakest=weakest_json(today.weak) if today.weak else None,
        role=role_json(goal),
    )


def role_json(goal: Goal | None) -> RoleJson | None:
    if goal is None or goal.role is None:
        return None
    weights = tuple(WeightJson(each.topic, each.weight, each.source) for each in goal.role.weights)
    return RoleJson(goal.role.name, weights)


def weakest_json(topic: Topic) -> WeakestJson:
    return WeakestJson(tag=topic.tag, recall=round(topic.recall, 3), cards=topic.cards, deck=topic.deck)


def plan_json(road: Road) -> RoadJson:
    share, loads = road.outlook.today, road.outlook.loads
    return RoadJson(
        date=road.goal.on,
        days=road.days,
        minutes=road.goal.minutes,
        cards=PlannedCardsJson(total=road.cards, begun=road.begun, must_know=road.must_know),
        today=ShareJson(
            cards=tuple(card.name for card in share.chosen),
            waiting=tuple(card.name for card in share.waiting),
            seconds=round(share.seconds),
            katas=tuple(task.kata for task in share.katas),
        ),
        load=tuple(LoadJson(each.day, each.cards, each.new, round(each.seconds), each.katas) for each in loads),
        fits=road.outlook.fits,
        short=tuple(short_json(each) for each in road.outlook.short),
        short_katas=road.outlook.short_katas,
        enough=road.enough,
        katas=tuple(kata_json(kata) for kata in road.katas),
        role=role_json(road.goal),
    )


def short_json(short: Short) -> ShortJson:
    return ShortJson(card=short.card.name, must_know=short.card.must_know, looks=short.looks, last=short.last)


def kata_json(kata: KataLine) -> KataJson:
    return KataJson(id=kata.id, status=kata.status, level=kata.level, minutes=kata.minutes)


def path_json(path: Path) -> PathJson:
    return PathJson(
        steps=tuple(map(step_json, path.places)),
        topics=tuple(map(progress_json, path.topics)),
        next=path.next.id if path.next else None,
    )


def step_json(place: Place) -> StepJson:
    return StepJson(
        kind=place.step.kind,
        id=place.step.name,
        state=place.state,
        needs=names(place.needs),
        lacks=names(place.lacks),
        absent=place.absent,
        met=place.met,
        due=place.due,
        level=place.level,
        minutes=place.minutes,
    )


def names(steps: tuple[Step, ...]) -> tuple[str, ...]:
    return tuple(map(str, steps))


def progress_json(topic: Progress) -> ProgressJson:
    return ProgressJson(topic.deck, topic.right, topic.total, topic.level)
