"""FSRS fitted to one's own history, told by simulated reviewers whose parameters are known."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reviewers import REVIEWERS, START, drilled, true_loss

from interview.drill.schedule import BOUNDS, DEFAULT, Rules
from interview.log.record import Bury, CardEvent, Forget, Rating, Review
from interview.practice.insight.fit import ENOUGH, FIRST, Fit, TooFew, fit, lives_of, log_loss
from interview.practice.insight.history import recollections


@pytest.mark.parametrize("name", ["forgetful", "strong", "steep"])
def test_a_reviewer_unlike_the_usual_is_predicted_better(name: str) -> None:
    """From 2,000 reviews a fit gets a third of the way from the defaults to the truth or more, on days it was not told.

    What is said of them is what the kept parameters give, by the fold that the schedule itself goes by.
    """
    reviews = drilled(REVIEWERS[name], 2000)
    found = fit(reviews, DEFAULT)
    assert isinstance(found, Fit)
    assert found.better
    truth = true_loss(REVIEWERS[name], reviews)
    assert found.after - truth < (found.before - truth) * 2 / 3
    held = sorted({review.day for review in reviews})[-found.held_days :]
    seen = recollections(reviews, replace(DEFAULT, parameters=found.parameters))
    assert found.after == log_loss([each for each in seen if each.day in held])
    assert found.held == sum(each.day in held for each in seen)


def test_the_held_days_are_not_told() -> None:
    """Other answers on the last fifth of the days: the same parameters, another log loss."""
    reviews = drilled(REVIEWERS["strong"], 1200)
    found = fit(reviews, DEFAULT)
    assert isinstance(found, Fit)
    since = sorted({review.day for review in reviews})[-found.held_days]
    worse = [replace(each, rating=Rating.AGAIN) if each.day >= since else each for each in reviews]
    other = fit(worse, DEFAULT)
    assert isinstance(other, Fit)
    assert other.parameters == found.parameters
    assert other.after > found.after


def test_what_is_in_use_is_what_a_fit_must_beat() -> None:
    """Fitted parameters in use are `before`; the same found again are no better."""
    reviews = drilled(REVIEWERS["strong"], 1200)
    found = fit(reviews, DEFAULT)
    assert isinstance(found, Fit)
    again = fit(reviews, Rules(parameters=found.parameters))
    assert isinstance(again, Fit)
    assert again.before == again.after == found.after
    assert not again.better


@pytest.mark.parametrize("reviews", [0, 1, ENOUGH - 1, ENOUGH])
def test_it_takes_enough_reviews(reviews: int) -> None:
    """400, cramming not counted; below that what is missing is told."""
    lived = drilled(REVIEWERS["strong"], reviews) if reviews else []
    crammed = [replace(each, cram=True) for each in lived]
    found = fit([*lived, *crammed], DEFAULT)
    if reviews < ENOUGH:
        assert found == TooFew(reviews, ENOUGH - reviews)
    else:
        assert isinstance(found, Fit)


@pytest.mark.parametrize("apart", [0, 1])
def test_it_takes_later_days(apart: int) -> None:
    """Reviews of one day, or of cards that never came back, teach nothing of forgetting; they are not fitted to."""
    day = [review for review in drilled(REVIEWERS["strong"], 700, new=600) if review.day == START]
    moved = [replace(each, day=START + timedelta(days=apart * n // 50)) for n, each in enumerate(day)]
    once = list({each.card: each for each in moved}.values())
    assert fit(once, DEFAULT) == TooFew(len(once), 0)


def test_lives() -> None:
    """A card that was made new again begins another life; cramming and what is no rating are no part of one; a clock
    set back is the same day; a life within one day is none; a long one is cut."""

    moment = drilled(REVIEWERS["usual"], 1)[0].at

    def at(day: int, rating: Rating = Rating.GOOD, card: str = "a/b", *, cram: bool = False) -> Review:
        return Review(card, 1, moment, START + timedelta(days=day), rating, cram=cram)

    events: list[CardEvent] = [
        at(0, Rating.AGAIN), at(0), at(3, cram=True), Bury("a/b", moment, START, START), at(5, Rating.HARD), at(4),
        at(9), Forget("a/b", moment, START), at(10, Rating.EASY), at(12), at(1, card="c/d"), at(1, card="c/d"),
    ]  # fmt: skip
    assert lives_of(events) == [[(1, 0), (3, 0), (2, 5), (3, 0), (3, 4)], [(4, 0), (3, 2)]]
    (long,) = lives_of(at(day) for day in range(3 * FIRST))
    assert len(long) == FIRST


@given(
    st.lists(st.tuples(st.integers(0, 9), st.integers(0, 400), st.sampled_from(Rating)), min_size=ENOUGH, max_size=500)
)
@settings(max_examples=15, deadline=None)
def test_whatever_was_answered(answers: list[tuple[int, int, Rating]]) -> None:
    """Any history is fitted or refused, and what is found is what FSRS takes; the days may go back and forth."""
    moment = drilled(REVIEWERS["usual"], 1)[0].at
    found = fit([Review(f"a/{card}", 1, moment, START + timedelta(days=day), it) for card, day, it in answers], DEFAULT)
    if isinstance(found, Fit):
        assert all(least <= each <= most for each, (least, most) in zip(found.parameters, BOUNDS, strict=True))
        assert found.before > 0 <= found.after
