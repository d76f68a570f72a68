from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from decks import EVERY_KIND, write_deck

from interview.content.cards.deck_file import load_deck
from interview.drill.schedule import DEFAULT, recall
from interview.log.record import Confidence, Forget, Memory, Rating, Review, Suspend
from interview.practice.insight.history import (
    AHEAD,
    by_week,
    calibration,
    compare,
    counted,
    forecast,
    recollections,
    retention,
    streak,
)

TODAY = date(2026, 3, 1)


def review(card: str, ago: int, rating: Rating = Rating.GOOD, **more: object) -> Review:
    day = TODAY - timedelta(days=ago)
    return Review(card, 1, datetime(day.year, day.month, day.day, 12, tzinfo=UTC), day, rating, **more)  # type: ignore[arg-type]


def test_cram_is_not_counted() -> None:
    """Practice moves no schedule and no figure."""
    assert counted([review("a/b", 1), review("a/b", 1, cram=True)]) == [review("a/b", 1)]


def test_a_streak_outlives_the_morning() -> None:
    """Days in a row up to yesterday stand until today is over; a gap ends them."""
    days = {TODAY - timedelta(days=ago): 1 for ago in (1, 2, 3, 5)}
    assert streak(days, TODAY) == 3
    assert streak({**days, TODAY: 4}, TODAY) == 4
    assert streak({}, TODAY) == 0


def test_what_is_overdue_is_forecast_for_today(tmp_path: Path) -> None:
    """Each scheduled card once, on its day; what is beyond thirty days, suspended or new, not at all."""
    deck = load_deck(write_deck(tmp_path, EVERY_KIND))
    due = {"strongest": -3, "variance": 0, "printed": 5, "spot": AHEAD}
    memories = {
        f"mine/{name}": Memory(
            f"mine/{name}", 1, 1, 0, 3.0, 5.0, TODAY, TODAY, Rating.GOOD, TODAY + timedelta(days=days)
        )
        for name, days in due.items()
    }
    suspended = Memory("mine/ridge", 1, 1, due=TODAY, suspended=True)
    found = forecast(deck.cards, {**memories, "mine/ridge": suspended}, TODAY)
    assert (found[0], found[5], sum(found)) == (2, 1, 3)


def test_a_card_made_new_again_has_nothing_to_be_recalled() -> None:
    """After `forget` the next answer is a first one; what follows it is predicted as for a new card."""
    day = TODAY - timedelta(days=10)
    forgotten = Forget("a/b", datetime(day.year, day.month, day.day, 12, tzinfo=UTC), day)
    before, after = [review("a/b", 40), review("a/b", 20)], [review("a/b", 8, Rating.AGAIN), review("a/b", 5)]
    assert [each.day for each in recollections([*before, *after], DEFAULT)] == [
        TODAY - timedelta(days=ago) for ago in (20, 8, 5)
    ]
    found = recollections([*before, forgotten, *after], DEFAULT)
    assert [each.day for each in found] == [TODAY - timedelta(days=ago) for ago in (20, 5)]
    assert found[1] == recollections(after, DEFAULT)[0]
    suspended = Suspend("a/b", forgotten.at, day)
    assert recollections([*before, suspended, *after], DEFAULT) == recollections([*before, *after], DEFAULT)


def test_retention_counts_the_first_look_of_a_day_at_a_known_card() -> None:
    """The very first look and a repeat within the day say nothing of memory; AGAIN is forgotten, HARD is not."""
    seen = [
        review("a/b", 9),
        review("a/b", 6, Rating.HARD),
        review("a/b", 2, Rating.AGAIN),
        review("a/b", 2, Rating.GOOD),
    ]
    found = recollections(seen, DEFAULT)
    assert [each.recalled for each in found] == [True, False]
    week = retention(found, TODAY, 7)
    assert (week.reviews, week.true) == (2, 0.5)
    assert retention([], TODAY, 7).true is None


def test_the_prediction_is_that_of_the_schedule() -> None:
    """On the day that FSRS chose, nine in ten are expected."""
    first = recall(Memory("a/b"), Rating.GOOD, TODAY - timedelta(days=5), DEFAULT)
    assert first.due is not None
    found = recollections([review("a/b", 5), review("a/b", (TODAY - first.due).days)], DEFAULT)
    assert found[0].predicted == pytest.approx(0.9, abs=0.03)


def test_weeks_without_reviews_are_blank() -> None:
    """The oldest week first, None where nothing was asked."""
    found = recollections([review("a/b", 30), review("a/b", 15), review("a/b", 1)], DEFAULT)
    assert by_week(found, TODAY, 4) == [None, 1.0, None, 1.0]


def test_confidence_meets_its_outcome() -> None:
    """What the machine judged counts before the rating; the cards that were wrong are named, the latest first."""
    said = [
        review("a/one", 3, confidence=Confidence.SURE, right=False),
        review("a/two", 2, Rating.AGAIN, confidence=Confidence.SURE),
        review("a/one", 1, confidence=Confidence.SURE, right=True),
        review("a/two", 1, confidence=Confidence.UNSURE),
        review("a/two", 1),
    ]
    by_name = {each.confidence: each for each in calibration(said)}
    sure = by_name[Confidence.SURE]
    assert (sure.right, sure.total, sure.wrong) == (1, 3, ("a/two", "a/one"))
    assert by_name[Confidence.UNSURE].total == 1
    assert by_name[Confidence.SO_SO].total == 0


def test_decks_not_begun_are_not_compared(tmp_path: Path) -> None:
    """Side by side stand only decks with a card seen."""
    decks = [load_deck(write_deck(tmp_path, EVERY_KIND, name=name)) for name in ("mine", "other")]
    memories = {"mine/ridge": recall(Memory("mine/ridge", rev=1), Rating.GOOD, TODAY, DEFAULT)}
    found = compare(decks, {"mine/ridge": memories["mine/ridge"]}, [], TODAY, DEFAULT)
    assert [(each.id, each.cards, each.seen) for each in found] == [("mine", 6, 1)]
