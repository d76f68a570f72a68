"""A kata's ledger: what is written besides verdicts, and attempts as a person counts them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from interview.drill.hand import tries
from interview.log.record import Attempt, GiveUp, HandOut, KataEvent
from interview.log.store import Store
from interview.practice.kata.ledger import note_give_up, note_hand_out
from interview.practice.kata.workspace import hints_seen, note_hint

START = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)


def at(minutes: float) -> datetime:
    return START + timedelta(minutes=minutes)


def attempt(minutes: float, text: str, status: str = "failed", kata: str = "dropout") -> Attempt:
    return Attempt(kata, at(minutes), START.date(), status, 1, text * 32, 0.5)


def hand_out(minutes: float) -> HandOut:
    return HandOut("dropout", at(minutes), START.date())


def test_a_file_checked_again_is_the_same_attempt_until_a_blank_one_is_handed_out() -> None:
    """Its last verdict counts, its minutes run to its first check; the same text from a new blank is a new attempt."""
    events: list[KataEvent] = [
        attempt(-5, "aa"),
        hand_out(0),
        attempt(4, "aa"),
        attempt(9, "bb"),
        attempt(30, "aa", "passed"),
        GiveUp("dropout", at(31), START.date()),
        hand_out(60),
        attempt(62.5, "aa"),
    ]
    assert [(each.attempt.at, each.attempt.status, each.minutes) for each in tries(events)] == [
        (at(-5), "failed", None),
        (at(30), "passed", 4),
        (at(9), "failed", 9),
        (at(62.5), "failed", 2.5),
    ]


def test_a_clock_set_back_counts_no_minutes() -> None:
    """Nobody knows how long it took; the attempt stands."""
    assert [each.minutes for each in tries([hand_out(0), attempt(-1, "aa")])] == [None]


def test_giving_up_begins_the_ladder_of_hints_anew(tmp_path: Path) -> None:
    """What is noted is read back, and the next sitting's hints begin at the first."""
    note_hint(tmp_path, "dropout", "1")
    with Store.open(tmp_path / "history.db") as store:
        note_hand_out(store, "dropout", now=at(0), day=START.date())
        note_give_up(store, tmp_path, "dropout", now=at(1), day=START.date())
        assert store.kata_events("dropout") == [hand_out(0), GiveUp("dropout", at(1), START.date())]
    assert hints_seen(tmp_path, "dropout") == 0
