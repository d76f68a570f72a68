"""Attempts at a kata as a person counts them, their copies, and when they have earned the solution."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from interview.cli.world import shipped
from interview.content.katas.kata_file import load_kata
from interview.content.reading.source import digest
from interview.drill.attempts import attempts_of
from interview.log.record import Attempt, GiveUp, HandOut, KataEvent
from interview.practice.answers.earning import Owed, is_passed, owed
from interview.practice.kata.attempts import State, copy_of, mistake_of
from interview.practice.kata.workspace import keep_copy, sheet

START = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
DAY = START.date()
KATA = load_kata(shipped() / "katas" / "dropout")
LINE = "def dropout(x, p=0.5, training=True):\n    return {}\n"
THREE = [LINE.format(each) for each in ("x", "x * p", "x / (1 - p)")]


def at(minutes: float) -> datetime:
    return START + timedelta(minutes=minutes)


def attempt(minutes: float, sha256: str, status: str = "failed", **more: object) -> Attempt:
    return Attempt("dropout", at(minutes), DAY, status, 1, sha256, 0.5, **more)  # type: ignore[arg-type]


def hand_out(minutes: float, sha256: str = "") -> HandOut:
    return HandOut("dropout", at(minutes), DAY, sha256)


def tried(home: Path, minutes: float, source: str, status: str = "failed") -> Attempt:
    """An attempt whose copy is kept."""
    copy = keep_copy(home, "dropout", source, sha256=digest(source), at=at(minutes))
    return attempt(minutes, digest(source), status, copy=str(copy))


def test_a_file_checked_again_is_the_same_attempt_until_a_blank_one_is_handed_out() -> None:
    """Its last verdict counts, its moment and minutes are its first check's; the same text from a new blank is new."""
    events: list[KataEvent] = [
        attempt(-5, "a"),
        hand_out(0),
        attempt(4, "a"),
        attempt(9, "b"),
        attempt(30, "a", "passed"),
        GiveUp("dropout", at(31), DAY),
        hand_out(60),
        attempt(62.5, "a"),
    ]
    made = attempts_of(events)
    assert [(each.number, each.at, each.last and each.last.status, each.minutes, each.times) for each in made] == [
        (1, at(-5), "failed", None, 1),
        (2, at(4), "passed", 4, 2),
        (3, at(9), "failed", 9, 1),
        (4, at(62.5), "failed", 2.5, 1),
    ]


def test_a_number_never_changes() -> None:
    """Whatever happens later, what was counted before keeps its number."""
    events: list[KataEvent] = [
        hand_out(0), attempt(1, "a"), hand_out(2, "b"), attempt(3, "a"), attempt(4, "b"), hand_out(5, "b"),
        hand_out(6, "c"), attempt(7, "d"), attempt(8, "a"),
    ]  # fmt: skip
    for end in range(len(events)):
        before = [(each.number, each.sha256) for each in attempts_of(events[:end])]
        assert [(each.number, each.sha256) for each in attempts_of(events)][: len(before)] == before


def test_what_was_put_aside_is_an_attempt_once() -> None:
    """Not if it was checked since the hand-out, nor when the same hand-out had to be made twice."""
    assert [each.last for each in attempts_of([hand_out(0), hand_out(1, "a")])] == [None]
    assert len(attempts_of([hand_out(0), attempt(1, "a"), hand_out(2, "a")])) == 1
    assert len(attempts_of([hand_out(0), hand_out(1, "a"), hand_out(2, "a")])) == 1
    assert len(attempts_of([hand_out(0), hand_out(1, "a"), attempt(2, "b"), hand_out(3, "a")])) == 3


def test_an_attempt_says_that_the_solution_was_asked_for() -> None:
    """The last one before, and those after it until the next blank file."""
    give_up = GiveUp("dropout", at(2), DAY)
    events = [
        attempt(0, "a"),
        attempt(1, "b"),
        give_up,
        attempt(3, "c"),
        give_up,
        hand_out(4),
        give_up,
        attempt(5, "d"),
    ]
    made = attempts_of([*events, hand_out(6), attempt(7, "e")])
    assert [each.gave_up for each in made] == [False, True, False, False, False]
    assert [each.seen for each in made] == [False, False, True, True, False]


def test_a_clock_set_back_counts_no_minutes() -> None:
    """Nobody knows how long it took; the attempt stands."""
    assert [each.minutes for each in attempts_of([hand_out(0), attempt(-1, "a")])] == [None]


def test_a_copy_that_is_gone_or_was_changed_is_known(tmp_path: Path) -> None:
    """And found where the folder lies now; checked again, the changed one is left and another is kept."""
    one = tried(tmp_path / "home", 0, THREE[0])
    (kept,) = attempts_of([one])
    moved = (tmp_path / "home").rename(tmp_path / "moved")
    copy = copy_of(moved, kept)
    assert (copy.state, copy.source) == (State.WHOLE, THREE[0])
    copy.path.write_text("# mine\n")
    assert copy_of(moved, kept).state is State.CHANGED
    again = keep_copy(moved, "dropout", THREE[0], sha256=one.sha256, at=one.at)
    assert (copy.path.read_text(), again.read_text()) == ("# mine\n", THREE[0])
    copy.path.unlink()
    assert copy_of(moved, kept).state is State.MISSING
    copy.path.mkdir()
    assert copy_of(moved, kept).state is not State.WHOLE


def test_the_mistake_is_named_without_what_was_measured() -> None:
    """Of every mistake of the kata; one that is not known any more by its id."""
    for each in KATA.mistakes:
        (kept,) = attempts_of([attempt(0, "a", mistake=each.id)])
        said = mistake_of(KATA, kept)
        assert said
        assert "{" not in said.en + said.zh
    (kept,) = attempts_of([attempt(0, "a", mistake="gone_since")])
    assert mistake_of(KATA, kept).en == "gone_since"  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("sources", "minutes", "missing"),
    [
        ([], 0, Owed(3, 10)),
        (THREE[:1], 3.5, Owed(2, 7)),
        (THREE[:2], 60, Owed(1, 0)),
        (THREE, 9.9, Owed(0, 1)),
        (THREE, 10, None),
        (THREE, -5, Owed(0, 10)),  # a clock set back
        ([THREE[0], THREE[0] + "# again\n", THREE[0].replace("x", "y")], 60, Owed(2, 0)),
        ([sheet(KATA, "en"), KATA.stub.replace("x:", "y:"), THREE[0]], 60, Owed(2, 0)),
        ([*THREE[:2], "def dropout(x:\n"], 60, Owed(1, 0)),
    ],
)
def test_a_solution_is_earned_by_three_honest_tries_and_ten_minutes(
    tmp_path: Path, sources: list[str], minutes: float, missing: Owed | None
) -> None:
    """Comments, names, the stub in other words and what is no Python make no other try; the minutes count from the
    first that is one."""
    events = [tried(tmp_path, 0, each) for each in sources]
    assert owed(tmp_path, KATA, events, at(minutes)) == missing


def test_a_pass_or_a_give_up_earns_it_at_once(tmp_path: Path) -> None:
    """And is not taken away by the next blank file. A pass ends the sitting until then: nothing is left to give up."""
    passed = tried(tmp_path, 0, THREE[0], "passed")
    for event in (passed, GiveUp("dropout", at(0), DAY)):
        assert owed(tmp_path, KATA, [event, hand_out(1)], at(1)) is None
    assert is_passed([hand_out(-1), passed, tried(tmp_path, 1, THREE[1])])
    assert not is_passed([passed, hand_out(1)])
