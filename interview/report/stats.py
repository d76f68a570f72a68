"""Stats, for a program: the history in numbers."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Annotated

from interview.dataclass import dataclass
from interview.log.record import Confidence
from interview.practice.insight.fit import Fit
from interview.practice.insight.history import Calibration, DeckFigures, KataFigures, Retention
from interview.practice.insight.load import Load
from interview.practice.insight.stats import Stats
from interview.practice.insight.today import Share
from interview.practice.insight.topics import Topic
from interview.report.fields import Count, Exactly, File, KataStatus, Measure


@dataclass(frozen=True, slots=True)
class RetentionJson:
    days: Count
    reviews: Count
    true: Measure | None
    predicted: Measure | None


@dataclass(frozen=True, slots=True)
class CalibrationJson:
    right: Count
    total: Count
    wrong: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DeckFiguresJson:
    id: str
    cards: Count
    seen: Count
    due: Count
    recall: Measure | None
    retention: Measure | None
    lapses: Count


@dataclass(frozen=True, slots=True)
class TopicJson:
    tag: str
    cards: Count
    recall: Measure
    lapses: Count
    deck: str


@dataclass(frozen=True, slots=True)
class KataFiguresJson:
    id: str
    status: KataStatus
    passes: tuple[bool, ...]
    last: date
    due: Annotated[date | None, "The day that it comes back, if it has one."]


@dataclass(frozen=True, slots=True)
class AimJson:
    """A day of the next thirty, on average, if `retention` is the share to be recalled; `own`: it is what is set."""

    retention: Measure
    reviews: Measure
    seconds: Measure
    own: bool


@dataclass(frozen=True, slots=True)
class StatsJson:
    """`stats --json`: `reviews` are ratings that count, not undone and not cram."""

    deck: str | None
    today: date
    due: Annotated[Count, "All that is due now, the same in `today`, `list` and `stats`."]
    new: Annotated[Count, "The new cards that today still brings."]
    reviews: Count
    seconds: Measure
    streak: Count
    days: Mapping[date, Count]
    forecast: Annotated[tuple[Count, ...], Exactly(30)]
    retention: tuple[RetentionJson, ...]
    weeks: tuple[Measure | None, ...]
    calibration: Mapping[Confidence, CalibrationJson]
    decks: tuple[DeckFiguresJson, ...]
    weakest: tuple[TopicJson, ...]
    katas: tuple[KataFiguresJson, ...]
    aims: tuple[AimJson, ...]


@dataclass(frozen=True, slots=True)
class TooFewJson:
    """`missing`: so many more reviews are needed; 0: what there is has too few later days."""

    reviews: Count
    missing: Count


@dataclass(frozen=True, slots=True)
class FitDoneJson:
    """The log loss on the `held` reviews of the `held_days` that the fit was not told of. `kept`: it is in use now."""

    reviews: Count
    days: Count
    held: Count
    held_days: Count
    before: Measure
    after: Measure
    parameters: Annotated[tuple[Measure, ...], Exactly(21)]
    better: bool
    kept: bool


@dataclass(frozen=True, slots=True)
class ClearedJson:
    file: File
    cleared: Annotated[bool, "False: there was nothing to clear."]


FitJson = Annotated[FitDoneJson | TooFewJson | ClearedJson, "`stats --fit --json`."]


def fit_json(fit: Fit, *, kept: bool) -> FitDoneJson:
    return FitDoneJson(
        reviews=fit.reviews,
        days=fit.days,
        held=fit.held,
        held_days=fit.held_days,
        before=round(fit.before, 6),
        after=round(fit.after, 6),
        parameters=fit.parameters,
        better=fit.better,
        kept=kept,
    )


def stats_json(stats: Stats, deck: str | None, share: Share) -> StatsJson:
    return StatsJson(
        deck=deck,
        today=stats.today,
        due=share.due,
        new=share.new,
        reviews=stats.reviews,
        seconds=round(stats.seconds, 1),
        streak=stats.streak,
        days=dict(sorted(stats.days.items())),
        forecast=stats.forecast,
        retention=tuple(map(retention_json, stats.retention)),
        weeks=tuple(map(short, stats.weeks)),
        calibration={each.confidence: calibration_json(each) for each in stats.calibration},
        decks=tuple(map(deck_json, stats.decks)),
        weakest=tuple(map(topic_json, stats.weak)),
        katas=tuple(map(kata_json, stats.katas)),
        aims=tuple(map(aim_json, stats.loads)),
    )


def retention_json(each: Retention) -> RetentionJson:
    return RetentionJson(each.days, each.reviews, true=short(each.true), predicted=short(each.predicted))


def calibration_json(each: Calibration) -> CalibrationJson:
    return CalibrationJson(right=each.right, total=each.total, wrong=each.wrong)


def deck_json(each: DeckFigures) -> DeckFiguresJson:
    return DeckFiguresJson(
        id=each.id,
        cards=each.cards,
        seen=each.seen,
        due=each.due,
        recall=short(each.recall),
        retention=short(each.retention),
        lapses=each.lapses,
    )


def topic_json(each: Topic) -> TopicJson:
    return TopicJson(tag=each.tag, cards=each.cards, recall=round(each.recall, 4), lapses=each.lapses, deck=each.deck)


def kata_json(each: KataFigures) -> KataFiguresJson:
    return KataFiguresJson(id=each.id, status=each.status, passes=each.passes, last=each.last, due=each.due)


def aim_json(each: Load) -> AimJson:
    return AimJson(each.retention, round(each.reviews, 1), round(each.seconds), own=each.own)


def short(share: float | None) -> float | None:
    return None if share is None else round(share, 4)
