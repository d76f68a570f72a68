"""The ledger of a kata: what is written into the history besides verdicts."""

from __future__ import annotations

from contextlib import suppress
from datetime import date, datetime
from pathlib import Path

from interview.log.record import GiveUp, HandOut
from interview.log.store import Store
from interview.practice.kata.workspace import begin_hints_anew


def note_hand_out(store: Store, kata_id: str, *, now: datetime, day: date) -> None:
    """A blank file was handed out: a sitting begins, and its minutes count from now."""
    store.append(HandOut(kata_id, now, day))


def note_give_up(store: Store, home: Path, kata_id: str, *, now: datetime, day: date) -> None:
    """The solution is shown before it was earned. The sitting ends, and the ladder of hints begins anew."""
    store.append(GiveUp(kata_id, now, day))
    with suppress(OSError):  # the give-up is noted; the ladder may begin where it was
        begin_hints_anew(home, kata_id)
