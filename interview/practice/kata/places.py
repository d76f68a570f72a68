"""The places of a verdict in the person's file, for an editor: each thing found has a line and a column."""

from __future__ import annotations

import re
from pathlib import Path

from interview.dataclass import dataclass
from interview.grading.verdict import CheckResult, Status, Verdict, failures_in_order
from interview.practice.kata.submission import NoFileError, contents, decode
from interview.text import COLON, Text

UNTOUCHED = Text("still the task as it was handed out: write the function", "还是刚发下来的样子：请写好函数")
CALLED = re.compile(r"[A-Za-z_]\w*")
STUB = "raise NotImplementedError"


@dataclass(frozen=True, slots=True)
class Found:
    line: int
    column: int
    said: Text


def found_in(verdict: Verdict, source: str) -> list[Found]:
    """What is wrong, the check that tells most first; what merely follows from another is left out.

    A check that failed without an exception is found where the function begins that it called.
    """
    lines = source.split("\n")
    match verdict.status:
        case Status.UNTOUCHED:
            return [at(lines, first_line(lines, re.escape(STUB)), UNTOUCHED)]
        case Status.BROKEN | Status.PASSED | Status.PARTIAL:
            return []
        case Status.FAILED | Status.CRASHED | Status.TIMEOUT:
            own = [each for each, alone in failures_in_order(verdict) if alone or each.check.id in verdict.asked]
            found = [at(lines, each.line or verdict.line or defined(lines, each), told(each)) for each in own]
            if not found and verdict.reason is not None:
                found = [at(lines, verdict.line or 1, verdict.reason)]
            return found + forbidden(verdict, lines)


def begun_at(path: Path) -> int:
    """The line of a file where something is still to be written, or else its first function."""
    try:
        lines = decode(path, contents(path)[0]).source.split("\n")
    except (OSError, NoFileError):
        return 1
    left = first_line(lines, re.escape(STUB))
    return left if left > 1 else first_line(lines, r"(async\s+def|def|class)\b")


def forbidden(verdict: Verdict, lines: list[str]) -> list[Found]:
    """Ready-made functions that were called, where no check failed by that."""
    if any(each.message for each, _ in failures_in_order(verdict)) or not verdict.forbidden:
        return []
    names = ", ".join(verdict.forbidden)
    said = Text(f"functions that are not allowed were called: {names}", f"调用了不允许的函数：{names}")
    return [at(lines, 1, said)]


def told(result: CheckResult) -> Text:
    """`own coin: The same columns are dropped in every row.`"""
    title, message = result.check.title, result.message or result.check.rule
    said = message if message.en.strip() else result.check.rule
    return Text(
        f"{title.en}{COLON.en}{said.en}",
        f"{title.zh}{COLON.zh}{said.zh}",
    )


def defined(lines: list[str], result: CheckResult) -> int:
    """The line that defines what the check called: `dropout(x, p=0.5)` is `def dropout`, the last of them as Python has
    it: the task above may quote one."""
    called = CALLED.match(result.call or "")
    return last_line(lines, rf"(async\s+def|def|class)\s+{called.group() if called else ''}\b")


def first_line(lines: list[str], what: str) -> int:
    return next(iter(lines_of(lines, what)), 1)


def last_line(lines: list[str], what: str) -> int:
    return max(lines_of(lines, what), default=1)


def lines_of(lines: list[str], what: str) -> list[int]:
    pattern = re.compile(rf"\s*{what}")
    return [n for n, line in enumerate(lines, 1) if pattern.match(line)]


def at(lines: list[str], line: int, said: Text) -> Found:
    """The column is that of the line's first character that is no space."""
    text = lines[line - 1] if line <= len(lines) else ""
    return Found(line, len(text) - len(text.lstrip()) + 1, said)
