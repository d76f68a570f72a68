"""A kata's outcomes make its schedule, as ratings make a card's: the fold over the log, values in and out."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from decks import EVERY_KIND, write_deck
from hypothesis import given
from hypothesis import strategies as st

from interview.content.cards.deck_file import load_deck
from interview.drill.hand import (
    Hand,
    Task,
    hands_of,
    is_old_answer,
    minutes_spent,
    minutes_wanted,
    status_of,
    to_write,
)  # fmt: skip
from interview.drill.plan import Goal, aim_kata, foresee, within
from interview.drill.schedule import DEFAULT, recall
from interview.log.record import Attempt, GiveUp, HandOut, KataEvent, Memory, Rating

DAY = date(2026, 3, 1)


def at(day: int, minute: float = 0) -> datetime:
    return datetime(2026, 3, 1, 9, tzinfo=UTC) + timedelta(days=day, minutes=minute)


def out(day: int, minute: float = 0) -> HandOut:
    return HandOut("softmax", at(day, minute), at(day).date())


def check(day: int, text: str, status: str = "failed", *, minute: float = 1, hints: int = 0) -> Attempt:
    return Attempt("softmax", at(day, minute), at(day).date(), status, 1, text, 0.1, hints=hints)


def passes(day: int, text: str, *, minute: float = 1, hints: int = 0) -> Attempt:
    return check(day, text, "passed", minute=minute, hints=hints)


def gives_up(day: int) -> GiveUp:
    return GiveUp("softmax", at(day, 5), at(day).date())


def fold(*events: KataEvent) -> Hand:
    return hands_of(events, DEFAULT)["softmax"]


def ratings(*events: KataEvent) -> list[Rating]:
    return [each.rating for each in fold(*events).outcomes]


@pytest.mark.parametrize(
    ("events", "rating"),
    [
        ([passes(0, "a")], Rating.EASY),
        ([check(0, "a"), passes(0, "b")], Rating.GOOD),
        ([check(0, "a"), check(0, "b", "crashed"), passes(0, "c")], Rating.GOOD),
        ([check(0, "a"), check(0, "b", "timeout"), check(0, "c"), passes(0, "d")], Rating.HARD),
        ([check(0, "a"), check(0, "a"), check(0, "a"), check(0, "a"), passes(0, "b")], Rating.GOOD),
        ([passes(0, "a", hints=1)], Rating.HARD),
        ([check(0, "a"), gives_up(0)], Rating.AGAIN),
        ([gives_up(0)], Rating.AGAIN),
    ],
)
def test_a_sitting_is_rated_by_its_files_and_hints(events: list[KataEvent], rating: Rating) -> None:
    """First file Easy, up to three Good, more or hints Hard, given up Again; handed out by us or begun by hand."""
    assert ratings(*events) == [rating]
    assert ratings(out(0), *events) == [rating]


def test_the_outcome_is_scheduled_as_a_card_s_rating_is() -> None:
    """The same FSRS from the same rating; and what was given up returns in two days."""
    memory = fold(out(0), check(0, "a"), passes(0, "b")).memory
    assert memory == recall(Memory("softmax"), Rating.GOOD, DAY, DEFAULT)
    assert fold(gives_up(0)).memory.due == DAY + timedelta(days=2)
    assert fold(passes(0, "a"), gives_up(9)).memory.due == DAY + timedelta(days=11)


def test_the_old_file_is_no_recall() -> None:
    """What passed before and was not written anew moves nothing, days later too; from a blank the same text does."""
    before = fold(passes(0, "a"))
    assert fold(passes(0, "a"), passes(20, "a")).memory == before.memory
    assert fold(passes(0, "a"), check(20, "b"), passes(20, "a")).memory == before.memory
    assert is_old_answer(before, "a")
    assert not is_old_answer(before, "b")
    again = fold(passes(0, "a"), out(20), passes(20, "a"))
    assert again.memory.last == at(20).date()
    assert not is_old_answer(fold(passes(0, "a"), out(20)), "a")


def test_of_a_day_only_a_worse_outcome_counts() -> None:
    """Polishing what passed, or writing it down again the same day, makes nothing easier; giving up does."""
    hard = fold(out(0), passes(0, "a", hints=2))
    assert fold(out(0), passes(0, "a", hints=2), passes(0, "b")).memory == hard.memory
    assert fold(out(0), passes(0, "a", hints=2), out(0, 9), passes(0, "c", minute=10)).memory == hard.memory
    assert fold(gives_up(0), out(0, 9), passes(0, "c", minute=10)).memory.due == DAY + timedelta(days=2)
    assert fold(passes(0, "a"), out(0, 9), gives_up(0)).memory.rating is Rating.AGAIN


def test_a_blank_file_does_not_wipe_out_what_failed_on_the_same_day() -> None:
    """Four files and a fresh start within an hour are no first check; a sitting left lying is over another day."""
    four = [check(0, text) for text in "abcd"]
    assert ratings(out(0), *four, out(0, 5), passes(0, "e", minute=9)) == [Rating.HARD]
    assert ratings(out(0), *four, out(9), passes(9, "e")) == [Rating.EASY]


def test_a_sitting_may_go_on_past_midnight() -> None:
    """Handed out before the day turned, passed after: one sitting, whose minutes nobody counts."""
    (outcome,) = fold(out(0), check(0, "a"), passes(1, "b")).outcomes
    assert (outcome.rating, outcome.tries, outcome.minutes, outcome.day) == (Rating.GOOD, 2, None, at(1).date())


def test_a_clock_set_back_moves_nothing() -> None:
    """A pass dated before the last one is of the same day as that."""
    assert fold(passes(5, "a"), out(0), passes(0, "b")).memory == fold(passes(5, "a")).memory


def test_the_status_is_what_the_schedule_and_the_last_check_say() -> None:
    """New, tried, passed, due: by its day, or by a failure since the pass; a give-up waits for its day."""
    last = fold(passes(0, "a")).memory.due
    assert last is not None
    cases: list[tuple[list[KataEvent], date, str]] = [
        ([out(0)], DAY, "new"),
        ([out(0), check(0, "a")], DAY, "tried"),
        ([out(0), check(0, "a"), out(3)], at(3).date(), "tried"),
        ([passes(0, "a")], DAY, "passed"),
        ([passes(0, "a")], last - timedelta(days=1), "passed"),
        ([passes(0, "a")], last, "due"),
        ([passes(0, "a"), check(0, "b")], DAY, "due"),
        ([passes(0, "a"), check(0, "b"), passes(0, "c")], DAY, "passed"),
        ([gives_up(0)], DAY, "tried"),
        ([gives_up(0)], at(2).date(), "due"),
        ([passes(0, "a"), check(20, "b"), gives_up(20)], at(20).date(), "tried"),
    ]
    assert [status_of(fold(*events), day) for events, day, _ in cases] == [status for _, _, status in cases]


def test_a_person_s_own_minutes_count_as_far_as_they_can_be_believed() -> None:
    """The median of the passes that were timed, between a fifth and three times what the kata says."""
    assert minutes_wanted(fold(out(0)), 15) == 15
    assert minutes_wanted(fold(out(0), passes(0, "a", minute=9)), 15) == 9
    assert minutes_wanted(fold(out(0), passes(0, "a", minute=0.1)), 15) == 3
    assert minutes_wanted(fold(out(0), passes(0, "a", minute=600)), 15) == 45
    assert minutes_wanted(fold(out(0), gives_up(0)), 15) == 15
    assert minutes_spent({"softmax": fold(out(0), passes(0, "a", minute=9))}, DAY) == 9


@given(
    st.lists(
        st.one_of(
            st.builds(out, st.integers(0, 40)),
            st.builds(gives_up, st.integers(0, 40)),
            st.builds(check, st.integers(0, 40), st.sampled_from("abc"), st.sampled_from(("failed", "passed"))),
        ),
        min_size=1,
        max_size=30,
    )
)
def test_whatever_happened_the_fold_holds(events: list[KataEvent]) -> None:
    """In any order, dates in any order: a due day is after the last outcome's, and one event more is one step more."""
    hand = fold(*events)
    if hand.memory.last is not None:
        assert hand.memory.due is not None
        assert hand.memory.due > hand.memory.last
    assert len(hand.outcomes) <= len(events)
    assert fold(*events, out(50)).memory == hand.memory


# The plan


def task(name: str, minutes: float, memory: Memory | None = None, *, done: bool = False) -> Task:
    return Task(name, 60 * minutes, memory or Memory(name), done=done, called=False)


def test_what_was_given_up_waits_and_what_is_due_leads() -> None:
    """Neither due nor to begin is the kata that returns in two days."""
    given_up = task("a", 10, fold(gives_up(0)).memory)
    old = task("b", 10, recall(Memory("b"), Rating.GOOD, DAY - timedelta(days=60), DEFAULT), done=True)
    older = task("c", 10, recall(Memory("c"), Rating.HARD, DAY - timedelta(days=60), DEFAULT), done=True)
    due, fresh = to_write([given_up, old, older, task("d", 10)], DAY)
    assert [each.kata for each in due] == ["c", "b"]
    assert [each.kata for each in fresh] == ["d"]


def test_katas_fit_into_the_same_minutes(tmp_path: Path) -> None:
    """Thirty minutes hold a kata of twenty that is due and one of ten to begin; fifteen hold only the second. What
    takes more than two thirds of the day leaves the cards that must be known their place, and goes before the others.
    """
    due = task("a", 20, recall(Memory("a"), Rating.GOOD, DAY - timedelta(days=60), DEFAULT), done=True)

    def fitted(minutes: float) -> list[str]:
        part = within(minutes, [], [], {}, DAY, lambda _: 60, [due, task("b", 10), task("c", 10)])
        return [each.kata for each in part.katas]

    assert [fitted(minutes) for minutes in (60, 30, 29, 15, 9)] == [["a", "b"], ["a", "b"], ["a"], ["b"], []]
    cards = list(load_deck(write_deck(tmp_path, EVERY_KIND)).cards)
    fresh = {card.name: Memory(card.name) for card in cards}
    for minutes, katas, asked in ((30, ["a"], 6), (24, ["a"], 4), (21, ["a"], 1), (20, [], 6)):
        part = within(minutes, cards, cards, fresh, DAY, lambda _: 60, [due])
        assert ([each.kata for each in part.katas], len(part.chosen)) == (katas, asked)


def test_an_interview_draws_the_due_day_in_and_names_what_does_not_fit() -> None:
    """As for cards: it comes back before the interview; ten minutes a day pass a kata of ten, never one of twenty."""
    goal = Goal(DAY + timedelta(days=5), minutes=10)
    easy = recall(Memory("a"), Rating.EASY, DAY, DEFAULT)
    drawn = aim_kata(easy, goal)
    assert easy.due is not None
    assert easy.due >= goal.on
    assert drawn.due is not None
    assert drawn.due < goal.on
    outlook = foresee(
        [], {}, DAY, goal, lambda _: 60, DEFAULT, [task("a", 20), task("b", 10, aim_kata(Memory("b"), goal))]
    )
    assert "a" in outlook.short_katas
    assert outlook.loads[0].katas == 1
    assert outlook.loads[0].seconds == 600
    assert not outlook.fits
