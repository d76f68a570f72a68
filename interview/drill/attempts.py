"""The attempts at a kata as a person counts them: every file that was checked, or put aside for a blank one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from interview.dataclass import dataclass
from interview.drill.hand import PASSED, minutes_between
from interview.log.record import Attempt, GiveUp, HandOut, KataEvent


@dataclass(frozen=True, slots=True)
class Kept:
    """One file since its hand-out, however often it was checked: the same content is the same attempt.

    Its number never changes, for the log only grows. `at` is when it was first checked, or put aside; `minutes` were
    spent until then, if anybody knows; `last` is its last check: none, if it was put aside before it was ever checked.
    `sitting` counts the hand-outs before it. `gave_up`: after this one the solution was asked for before it was earned;
    `seen`: it was first checked after that, and before the next blank file.
    """

    number: int
    kata: str
    at: datetime
    sha256: str
    copy: str | None
    minutes: float | None
    sitting: int
    seen: bool = False
    gave_up: bool = False
    times: int = 0
    last: Attempt | None = None


def attempts_of(events: Iterable[KataEvent]) -> tuple[Kept, ...]:
    """The attempts at one kata, in order."""
    found: list[Kept] = []
    places: dict[str, int] = {}  # of the files since the last hand-out
    handed: datetime | None = None
    sitting, given_up = 0, False
    before: KataEvent | None = None
    for event in events:
        match event:
            case HandOut(at=at, sha256=sha256):
                # The same hand-out once more: the first was noted, and ended before the blank file lay there.
                again = isinstance(before, HandOut) and before.sha256 == sha256
                if sha256 and sha256 not in places and not again:
                    found.append(replace(begun(len(found) + 1, event, handed, sitting), seen=given_up))
                handed, places, sitting, given_up = at, {}, sitting + 1, False
            case Attempt(sha256=sha256):
                if sha256 not in places:
                    places[sha256] = len(found)
                    found.append(replace(begun(len(found) + 1, event, handed, sitting), seen=given_up))
                place = places[sha256]
                found[place] = replace(found[place], times=found[place].times + 1, last=event)
            case GiveUp():
                given_up = True
                if found and found[-1].sitting == sitting and not found[-1].seen:
                    found[-1] = replace(found[-1], gave_up=True)
        before = event
    return tuple(found)


def begun(number: int, event: Attempt | HandOut, handed: datetime | None, sitting: int) -> Kept:
    return Kept(number, event.kata, event.at, event.sha256, event.copy, minutes_between(handed, event.at), sitting)


@dataclass(frozen=True, slots=True)
class Pace:
    """The minutes that a pass took, and those of the pass before it in an earlier sitting, if anybody knows."""

    now: float
    before: float | None


def pace_of(attempts: Sequence[Kept], sha256: str) -> Pace | None:
    """Of the pass of this file; None if nobody knows when it was handed out."""
    passes = [each for each in attempts if each.last and each.last.status == PASSED]
    this = next((each for each in reversed(passes) if each.sha256 == sha256), None)
    if this is None or this.minutes is None:
        return None
    before = [each.minutes for each in passes if each.sitting < this.sitting and each.minutes is not None]
    return Pace(this.minutes, before[-1] if before else None)
