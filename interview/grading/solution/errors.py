"""The errors: how a submission can fail a call, as the judge raises it, in the submission's words made printable."""

from __future__ import annotations

import builtins
from collections.abc import Sequence

from interview.grading.wire.answers import Raised

# Raised as themselves. Never those that would end or skip a test: SystemExit, KeyboardInterrupt, GeneratorExit.
RAISED = {
    name: kind
    for name, kind in vars(builtins).items()
    if isinstance(kind, type) and issubclass(kind, Exception) and name not in ("StopIteration", "StopAsyncIteration")
    and not issubclass(kind, (OSError, UnicodeError, SyntaxError, ExceptionGroup, Warning, ImportError))
}  # fmt: skip


OF_ASSERT = ["AssertionError", "Exception", "BaseException", "object"]


class SubmissionError(Exception):
    """The submission raised. `type` and `text` are its words, made printable; `line` is where in its file."""

    def __init__(self, type_: str, text: str, line: int | None) -> None:
        super().__init__(f"{type_}: {text}" if text else type_)
        self.type, self.text, self.line = type_, text, line


class ForbiddenCall(SubmissionError):
    """It called a ready-made function that the kata asks to write."""


class WorkerGone(BaseException):
    """The submission's process has ended. A BaseException: no hidden suite may catch it."""


class WorkerLate(BaseException):
    """A call passed its limit."""


class SuiteAtWork(WorkerLate):
    """All time is up, and it is the suite that is at work, at this line of it."""

    def __init__(self, line: int) -> None:
        super().__init__()
        self.line = line


class Lie(SubmissionError):
    """An answer that is no answer: the frame breaks the wire's rules."""


def submission_error(raised: Raised, *, forbidden: Sequence[str]) -> SubmissionError:
    """The exception to raise for what the worker described."""
    told = raised.type, raised.text, raised.line
    if is_torchs_assertion(raised):  # no refusal of an argument
        return SubmissionError(*told)
    if raised.type == "Forbidden" and forbidden:
        return ForbiddenCall(*told)
    for base in raised.bases:
        if base in RAISED and RAISED[base] is not Exception:
            return as_builtin(RAISED[base])(*told)
    return SubmissionError(*told)


def is_torchs_assertion(raised: Raised) -> bool:
    return raised.bases == OF_ASSERT and not raised.own


KINDS: dict[type, type[SubmissionError]] = {}


def as_builtin(base: type) -> type[SubmissionError]:
    """SubmissionError that is also `base`, for `pytest.raises(base)`."""
    if base not in KINDS:
        KINDS[base] = type(base.__name__, (SubmissionError, base), {"__str__": Exception.__str__})
    return KINDS[base]
