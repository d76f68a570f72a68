"""The stats: all that `interview stats` shows, in one value."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from interview.content.cards.deck import Deck
from interview.dataclass import dataclass
from interview.drill.schedule import Rules
from interview.log.record import CardEvent, KataEvent, Memory
from interview.practice.insight.history import (
    WINDOWS,
    Calibration,
    DeckFigures,
    KataFigures,
    Retention,
    Tick,
    by_week,
    calibration,
    compare,
    counted,
    forecast,
    kata_figures,
    per_day,
    recollections,
    retention,
    streak,
)
from interview.practice.insight.listing import KataLine
from interview.practice.insight.load import Load
from interview.practice.insight.topics import Topic, weakest

WEEKS = 12


@dataclass(frozen=True, slots=True)
class Stats:
    today: date
    reviews: int
    seconds: float
    days: Mapping[date, int]
    streak: int
    forecast: tuple[int, ...]
    retention: tuple[Retention, ...]
    weeks: tuple[float | None, ...]
    calibration: tuple[Calibration, ...]
    decks: tuple[DeckFigures, ...]
    weak: tuple[Topic, ...]
    katas: tuple[KataFigures, ...]
    loads: tuple[Load, ...] = ()


def tell(
    decks: Sequence[Deck],
    katas: Sequence[KataLine],
    memories: Mapping[str, Memory],
    events: Sequence[CardEvent],
    kata_events: Sequence[KataEvent],
    today: date,
    rules: Rules,
    tick: Tick | None = None,
    loads: Sequence[Load] = (),
) -> Stats:
    """The history of these decks and katas. Reviews of cards that are gone count where only days are counted."""
    cards = [card for deck in decks for card in deck.cards]
    kept = counted(events)
    recalled = recollections(events, rules, tick)
    days = per_day(kept)
    return Stats(
        today=today,
        reviews=len(kept),
        seconds=sum(review.seconds for review in kept),
        days=days,
        streak=streak(days, today),
        forecast=tuple(forecast(cards, memories, today)),
        retention=tuple(retention(recalled, today, window) for window in WINDOWS),
        weeks=tuple(by_week(recalled, today, WEEKS)),
        calibration=tuple(calibration(kept)),
        decks=tuple(compare(decks, memories, recalled, today, rules)),
        weak=tuple(weakest(cards, memories, today, rules, most=5)),
        katas=tuple(kata_figures(katas, kata_events)),
        loads=tuple(loads),
    )
