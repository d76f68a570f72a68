"""Attempts at a kata that are in the history before a test begins, without a judge."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from interview.content.reading.source import digest
from interview.log.record import Attempt, HandOut
from interview.log.store import Store
from interview.practice.kata.workspace import keep_copy


def hand_out(home: Path, kata: str, at: datetime) -> None:
    with Store.open(home / "history.db") as store:
        store.append(HandOut(kata, at, at.date()))


def attempt(home: Path, kata: str, source: str, at: datetime, status: str = "failed", **more: object) -> Path:
    """Noted as a check notes it; the copy."""
    copy = keep_copy(home, kata, source, sha256=digest(source), at=at)
    made = Attempt(kata, at, at.date(), status, 1, digest(source), 0.5, copy=str(copy), **more)  # type: ignore[arg-type]
    with Store.open(home / "history.db") as store:
        store.append(made)
    return copy


def attempts(home: Path, kata: str, sources: Iterable[str], at: datetime) -> None:
    for source in sources:
        attempt(home, kata, source, at)
