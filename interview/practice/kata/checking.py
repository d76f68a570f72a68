"""The check of a person's file: judge it, keep a copy, note the attempt, bring back the cards that explain it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

from interview.content.katas.kata import Kata
from interview.drill.attempts import attempts_of
from interview.grading.verdict import Outcome, Status, Verdict, blank, troubled
from interview.log.record import Attempt, Due
from interview.log.store import Store
from interview.practice.kata.submission import Submission
from interview.practice.kata.workspace import begin_hints_anew, hints_seen, keep_copy, untouched

Judge = Callable[[Kata, str, Path], Verdict]


def check(kata: Kata, submission: Submission, judge: Judge) -> Verdict:
    """The verdict; an untouched stub and an unreadable file need no judge."""
    if submission.trouble is not None:
        verdict = troubled(kata, submission.trouble, source=submission.source, file=submission.path)
        return replace(verdict, line=submission.line)
    if untouched(kata.stub, submission.source):
        return blank(kata, Status.UNTOUCHED, source=submission.source, file=submission.path)
    return judge(kata, submission.source, submission.path)


def counts(verdict: Verdict) -> bool:
    """Is it an attempt? Not the stub as handed out, not what we could not judge, and not a part of the checks."""
    return verdict.status not in (Status.UNTOUCHED, Status.BROKEN) and not verdict.asked


def record(store: Store, home: Path, verdict: Verdict, source: str, *, now: datetime, day: date) -> int:
    """Append the attempt and make the cards of its failed checks due now.

    Returns the attempt's number, from 1: the same file checked again is the same attempt.
    """
    copy = keep_copy(home, verdict.kata, source, sha256=verdict.sha256, at=now)
    failed = tuple(each.check.id for each in verdict.checks if each.outcome is Outcome.FAILED)
    attempt = Attempt(
        kata=verdict.kata, at=now, day=day, status=verdict.status.value, seed=int(verdict.seed or 0),
        sha256=verdict.sha256, seconds=verdict.seconds, failed=failed,
        mistake=verdict.mistake.id if verdict.mistake else None, cards=verdict.cards, copy=str(copy),
        passed=verdict.passed, total=len(verdict.checks), hints=hints_until_now(home, verdict.kata),
    )  # fmt: skip
    why = f"kata {verdict.kata}: {', '.join(failed[:3])}"
    store.append(attempt, *(Due(card, now, day, why) for card in verdict.cards))
    if verdict.status is Status.PASSED:
        with suppress(OSError):  # the attempt is noted; the ladder may begin where it was
            begin_hints_anew(home, verdict.kata)
    return number_of(store, attempt)


def number_of(store: Store, attempt: Attempt) -> int:
    made = attempts_of(store.kata_events(attempt.kata))
    return max((each.number for each in made if each.sha256 == attempt.sha256), default=len(made))


def hints_until_now(home: Path, kata_id: str) -> int:
    try:
        return hints_seen(home, kata_id)
    except OSError:  # a file of ours that cannot be read takes no attempt away
        return 0
