"""A kata's ledger: what is written into the history besides verdicts."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from interview.log.record import GiveUp, HandOut
from interview.log.store import Store
from interview.practice.kata.ledger import note_give_up, note_hand_out
from interview.practice.kata.workspace import hints_seen, note_hint

START = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)


def at(minutes: float) -> datetime:
    return START + timedelta(minutes=minutes)


def hand_out(minutes: float) -> HandOut:
    return HandOut("dropout", at(minutes), START.date())


def test_giving_up_begins_the_ladder_of_hints_anew(tmp_path: Path) -> None:
    """What is noted is read back, and the next sitting's hints begin at the first."""
    note_hint(tmp_path, "dropout", "1")
    with Store.open(tmp_path / "history.db") as store:
        note_hand_out(store, "dropout", now=at(0), day=START.date())
        note_give_up(store, tmp_path, "dropout", now=at(1), day=START.date())
        assert store.kata_events("dropout") == [hand_out(0), GiveUp("dropout", at(1), START.date())]
    assert hints_seen(tmp_path, "dropout") == 0
