"""The errors: how a submission can fail a call, as the judge raises it, in the submission's words made printable."""

from __future__ import annotations

import builtins
from typing import Any

from interview.grading.wire.values import NAME_LIMIT
from interview.printable import printable

# Raised as themselves. Never those that would end or skip a test: SystemExit, KeyboardInterrupt, GeneratorExit.
RAISED = {
    name: kind
    for name, kind in vars(builtins).items()
    if isinstance(kind, type) and issubclass(kind, Exception) and name not in ("StopIteration", "StopAsyncIteration")
    and not issubclass(kind, (OSError, UnicodeError, SyntaxError, ExceptionGroup, Warning, ImportError))
}  # fmt: skip


LINES = 1 << 20  # more than a source can have: the number of a line is the submission's word too, and is printed


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


def submission_error(described: Any, *, forbidden: list[str]) -> SubmissionError:
    """The exception to raise for what the worker described."""
    if not isinstance(described, dict):
        return Lie("TypeError", "the error cannot be read", None)
    kind, text, line = (described.get(each) for each in ("type", "text", "line"))
    kind = printable(kind if isinstance(kind, str) else "", NAME_LIMIT) or "Exception"
    text = printable(text if isinstance(text, str) else "", 1000)
    line = line if type(line) is int and 0 < line < LINES else None
    bases = described.get("bases")
    if bases == OF_ASSERT and described.get("own") is False:  # an assertion of torch's is no refusal of an argument
        return SubmissionError(kind, text, line)
    if kind == "Forbidden" and forbidden:
        return ForbiddenCall(kind, text, line)
    for base in bases if isinstance(bases, list) else []:
        if isinstance(base, str) and base in RAISED and RAISED[base] is not Exception:
            return as_builtin(RAISED[base])(kind, text, line)
    return SubmissionError(kind, text, line)


KINDS: dict[type, type[SubmissionError]] = {}


def as_builtin(base: type) -> type[SubmissionError]:
    """SubmissionError that is also `base`, for `pytest.raises(base)`."""
    if base not in KINDS:
        KINDS[base] = type(base.__name__, (SubmissionError, base), {"__str__": Exception.__str__})
    return KINDS[base]
