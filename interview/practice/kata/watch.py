"""The watched file, through any editor's way of saving, and what a new verdict changes."""

from __future__ import annotations

import io
import tokenize
from dataclasses import field
from pathlib import Path

from interview.dataclass import dataclass
from interview.errors import UsageError
from interview.grading.verdict import CheckResult, Outcome, Verdict
from interview.practice.kata.submission import Submission, read_submission
from interview.text import Text

QUIET = 0.02  # seconds a file must have stood still: editors truncate, write and rename
ABSENT = 0.3  # seconds after which a missing file is missing, and not being renamed into place
HALF = 0.5  # seconds that a file which looks half-written must have stood still
SECOND = 1.0  # seconds after which a file is read once more: two saves within one tick of its clock look like one

Stamp = tuple[int, int, int, int]


@dataclass(slots=True)
class Watched:
    """One file. `look` is asked often; it answers with a submission when there is new content to judge, or a sentence
    when the file has become something else. The same content, or the same trouble, is told once."""

    path: Path
    stamp: Stamp | None = None
    since: float = 0.0
    told: str | Text | None = None
    looks: int = field(default=0)  # at the file as its stamp has it
    whole: str = field(default="")  # the last source that did not look half-written

    def look(self, now: float) -> Submission | Text | None:
        stamp = stamp_of(self.path)
        if stamp != self.stamp:
            self.stamp, self.since, self.looks = stamp, now, 0
            return None
        still = now - self.since
        if self.looks > 1 or still < (SECOND if self.looks else QUIET if stamp is not None else ABSENT):
            return None
        return self.read(still)

    def read(self, still: float) -> Submission | Text | None:
        try:
            submission = read_submission(self.path)
        except UsageError as error:
            self.looks += 1
            return self.once(Text(str(error), error.zh))
        if still < HALF and submission.trouble is None and half_written(submission.source, self.whole):
            return None
        self.looks += 1
        self.whole = submission.source
        key = submission.source if submission.trouble is None else repr(submission.trouble)
        if key == self.told:
            return None
        self.told = key
        return submission

    def once(self, sentence: Text) -> Text | None:
        if sentence == self.told:
            return None
        self.told = sentence
        return sentence

    def again(self) -> None:
        """Judge what is there once more, changed or not."""
        self.told, self.looks = None, 0


def half_written(source: str, before: str) -> bool:
    """Does it look like the beginning of a save: nothing, an end within a line or a bracket, less than there was?

    Only a reason to wait a moment: it may be what the person means.
    """
    if not source.strip() or (before.startswith(source) and before != source):
        return True
    if not source.endswith("\n"):
        return before.endswith("\n") or not before
    try:
        for _ in tokenize.generate_tokens(io.StringIO(source).readline):
            pass
    except (SyntaxError, tokenize.TokenError):
        return True
    return False


def stamp_of(path: Path) -> Stamp | None:
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_mtime_ns, status.st_ctime_ns, status.st_size, status.st_ino


@dataclass(frozen=True, slots=True)
class Change:
    """What a verdict says that the one before did not."""

    fixed: tuple[CheckResult, ...]
    broken: tuple[CheckResult, ...]
    still: tuple[CheckResult, ...]


def compare(before: Verdict | None, after: Verdict) -> Change:
    """Checks that pass now and did not, that do not and did, and that still do not."""
    passed = {each.check.id for each in before.checks if each.outcome is Outcome.PASSED} if before else set()
    now = {each.check.id for each in after.checks if each.outcome is Outcome.PASSED}
    failing = [each for each in after.judged if each.check.id not in now]
    return Change(
        fixed=tuple(each for each in after.checks if before and each.check.id in now - passed),
        broken=tuple(each for each in failing if each.check.id in passed),
        still=tuple(each for each in failing if each.check.id not in passed),
    )
