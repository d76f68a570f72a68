"""The check of a person's file: judge it, keep a copy, note the attempt, bring back the cards that explain it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import date, datetime
from pathlib import Path

from interview.content.katas.kata import Kata
from interview.grading.verdict import Outcome, Status, Verdict, blank, troubled
from interview.log.record import Attempt, Due
from interview.log.store import Store
from interview.practice.kata.submission import Submission
from interview.practice.kata.workspace import begin_hints_anew, keep_copy, untouched

Judge = Callable[[Kata, str, Path], Verdict]


def check(kata: Kata, submission: Submission, judge: Judge) -> Verdict:
    """The verdict; an untouched stub and an unreadable file need no judge."""
    if submission.trouble is not None:
        return troubled(kata, submission.trouble, source=submission.source, file=submission.path)
    if untouched(kata.stub, submission.source):
        return blank(kata, Status.UNTOUCHED, source=submission.source, file=submission.path)
    return judge(kata, submission.source, submission.path)


def counts(verdict: Verdict) -> bool:
    """Is it an attempt? Not the stub as handed out, and not what we could not judge."""
    return verdict.status not in (Status.UNTOUCHED, Status.BROKEN)


def record(store: Store, home: Path, verdict: Verdict, source: str, *, now: datetime, day: date) -> int:
    """Append the attempt and make the cards of its failed checks due now. Returns the attempt's number, from 1."""
    copy = keep_copy(home, verdict.kata, source, sha256=verdict.sha256, at=now)
    failed = tuple(each.check.id for each in verdict.checks if each.outcome is Outcome.FAILED)
    attempt = Attempt(
        kata=verdict.kata, at=now, day=day, status=verdict.status.value, seed=int(verdict.seed or 0),
        sha256=verdict.sha256, seconds=verdict.seconds, failed=failed,
        mistake=verdict.mistake.id if verdict.mistake else None, cards=verdict.cards, copy=str(copy),
    )  # fmt: skip
    why = f"kata {verdict.kata}: {', '.join(failed[:3])}"
    store.append(attempt, *(Due(card, now, day, why) for card in verdict.cards))
    if verdict.status is Status.PASSED:
        with suppress(OSError):  # the attempt is noted; the ladder may begin where it was
            begin_hints_anew(home, verdict.kata)
    return len(store.attempts(verdict.kata))
