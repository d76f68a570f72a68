"""The batch's lines: one a verdict, and a table at the end."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

from rich.table import Table
from rich.text import Text

from interview.content.reading.problem import short
from interview.grading.verdict import Status, Verdict
from interview.printable import printable_line
from interview.terminal.screens.words import GradeWords
from interview.text import LIST
from interview.text import Text as Words

STATUS: Mapping[Status, Words] = {
    Status.PASSED: Words("passed", "通过"),
    Status.FAILED: Words("failed", "未通过"),
    Status.UNTOUCHED: Words("untouched", "未作答"),
    Status.CRASHED: Words("crashed", "崩溃"),
    Status.TIMEOUT: Words("timeout", "超时"),
    Status.BROKEN: Words("not judged", "未能判定"),
    Status.PARTIAL: Words("passed in part", "部分通过"),
}

PATH_LIMIT, REASON_LIMIT = 1000, 3000  # characters; both may be a stranger's words


def line(verdict: Verdict, lang: str) -> str:
    """One submission in one line: the file, what became of it, the mistake or the reason."""
    mark = "✓" if verdict.status is Status.PASSED else "✗"
    why = verdict.mistake.id if verdict.mistake else verdict.reason.say(lang) if verdict.reason else ""
    count = f"{verdict.passed}/{len(verdict.checks)}"
    file = printable_line(short(verdict.file), PATH_LIMIT)
    return f"{mark} {file}  {STATUS[verdict.status].say(lang)}  {count}  {printable_line(why, REASON_LIMIT)}".rstrip()


def aside(paths: Sequence[Path], lang: str) -> str:
    """What was passed over, the first few by name."""
    names = [printable_line(short(each), 60) for each in paths[:3]] + (["…"] if len(paths) > 3 else [])
    return GradeWords.aside.say(lang, n=len(paths), names=LIST.say(lang).join(names))


def table(verdicts: Sequence[Verdict], lang: str) -> Table:
    """How many of each verdict, and which known mistakes, the most frequent first."""
    shown = Table(box=None, pad_edge=False, header_style="dim")
    shown.add_column(GradeWords.verdict.say(lang))
    shown.add_column(GradeWords.files.say(lang), justify="right")
    for status, count in Counter(each.status for each in verdicts).most_common():
        shown.add_row(Text(STATUS[status].say(lang), "green" if status is Status.PASSED else ""), str(count))
    mistakes = Counter(each.mistake.id for each in verdicts if each.mistake)
    for name, count in mistakes.most_common(10):
        shown.add_row(Text(f"  {GradeWords.mistake.say(lang)} {name}", "dim"), Text(str(count), "dim"))
    return shown
