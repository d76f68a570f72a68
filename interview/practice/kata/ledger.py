"""The ledger of a kata: what is written into the history besides verdicts, and its attempts as a person counts them."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from datetime import date, datetime
from pathlib import Path

from interview.dataclass import dataclass
from interview.log.record import Attempt, GiveUp, HandOut, KataEvent
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


@dataclass(frozen=True, slots=True)
class Try:
    """One file of a kata as it was last judged. `minutes` since the blank file was handed out; None: nobody knows."""

    attempt: Attempt
    minutes: float | None


def tries(events: Iterable[KataEvent]) -> tuple[Try, ...]:
    """The attempts at one kata in order: one for each file that was checked, however often, since its hand-out."""
    found: list[Try] = []
    places: dict[str, int] = {}  # of the files checked since the last hand-out
    handed: datetime | None = None
    for event in events:
        match event:
            case HandOut(at=at):
                handed, places = at, {}
            case Attempt(sha256=sha256, at=at) if sha256 in places:
                place = places[sha256]
                found[place] = Try(event, found[place].minutes)
            case Attempt(sha256=sha256, at=at):
                places[sha256] = len(found)
                found.append(Try(event, since(handed, at)))
            case GiveUp():
                pass
    return tuple(found)


def since(handed: datetime | None, at: datetime) -> float | None:
    """None where a clock was set back between the two."""
    return (at - handed).total_seconds() / 60 if handed is not None and at >= handed else None
