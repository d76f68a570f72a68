"""The earning of a solution: by a pass, by three honest attempts within no less than ten minutes, or by giving up."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from math import ceil
from pathlib import Path

from interview.content.katas.kata import Kata
from interview.dataclass import dataclass
from interview.drill.attempts import Kept, attempts_of
from interview.log.record import Attempt, GiveUp, HandOut, KataEvent
from interview.practice.answers.likeness import form_of
from interview.practice.kata.attempts import State, copy_of

TRIES = 3  # different files, none of them the stub in other words
WAIT = timedelta(minutes=10)  # since the first of them
PASSED = "passed"


@dataclass(frozen=True, slots=True)
class Owed:
    """What is missing: so many tries, and so many minutes."""

    tries: int
    minutes: int


def owed(home: Path, kata: Kata, events: Sequence[KataEvent], now: datetime) -> Owed | None:
    """None if the solution is earned."""
    if any(is_pass(each) or isinstance(each, GiveUp) for each in events):
        return None
    honest = honest_attempts(home, kata, attempts_of(events))
    waited = max(now - honest[0].at, timedelta()) if honest else timedelta()
    missing = Owed(max(0, TRIES - len(honest)), max(0, ceil((WAIT - waited).total_seconds() / 60)))
    return missing if missing.tries or missing.minutes else None


def is_pass(event: KataEvent) -> bool:
    return isinstance(event, Attempt) and event.status == PASSED


def honest_attempts(home: Path, kata: Kata, attempts: Iterable[Kept]) -> list[Kept]:
    """Those checked that are Python and differ from each other and from the stub in more than names and comments; no
    more than are needed. A copy that is gone or was changed is taken at its word."""
    stub = form_of(kata.stub, kata.provides)
    seen: set[object] = {stub.line} if stub else set()
    found: list[Kept] = []
    for each in attempts:
        if each.last is None:
            continue
        copy = copy_of(home, each)
        form = form_of(copy.source, kata.provides) if copy.state is State.WHOLE else None
        key = each.sha256 if copy.state is not State.WHOLE else form and form.line
        if key is None or key in seen:
            continue
        seen.add(key)
        found.append(each)
        if len(found) == TRIES:
            break
    return found


def is_passed(events: Iterable[KataEvent]) -> bool:
    """Is the sitting over with a pass? Then there is nothing to give up."""
    passed = False
    for event in events:
        passed = not isinstance(event, HandOut) and (passed or is_pass(event))
    return passed
