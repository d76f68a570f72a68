"""The batch's lines: one a verdict, and a table at the end."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from rich.table import Table
from rich.text import Text

from interview.content.reading.problem import short
from interview.grading.verdict import Status, Verdict
from interview.printable import printable_line

PATH_LIMIT, REASON_LIMIT = 1000, 3000  # characters; both may be a stranger's words
WORDS = {
    "passed": ("passed", "通过"),
    "failed": ("failed", "未通过"),
    "untouched": ("untouched", "未作答"),
    "crashed": ("crashed", "崩溃"),
    "timeout": ("timeout", "超时"),
    "broken": ("not judged", "未能判定"),
    "verdict": ("verdict", "结论"),
    "files": ("files", "文件数"),
    "mistake": ("mistake", "错误"),
    "aside": (
        "{n} passed over (hidden, caches, virtual environments, links to folders): {names}",
        "跳过 {n} 项（隐藏文件、缓存、虚拟环境、指向文件夹的链接）：{names}",
    ),
    "comma": (", ", "、"),
}


def word(key: str, lang: str) -> str:
    return WORDS[key][lang == "zh"]


def line(verdict: Verdict, lang: str) -> str:
    """One submission in one line: the file, what became of it, the mistake or the reason."""
    mark = "✓" if verdict.status is Status.PASSED else "✗"
    why = verdict.mistake.id if verdict.mistake else verdict.reason.say(lang) if verdict.reason else ""
    count = f"{verdict.passed}/{len(verdict.checks)}"
    file = printable_line(short(verdict.file), PATH_LIMIT)
    return f"{mark} {file}  {word(verdict.status.value, lang)}  {count}  {printable_line(why, REASON_LIMIT)}".rstrip()


def aside(paths: Sequence[Path], lang: str) -> str:
    """What was passed over, the first few by name."""
    names = [printable_line(short(each), 60) for each in paths[:3]] + (["…"] if len(paths) > 3 else [])
    return word("aside", lang).format(n=len(paths), names=word("comma", lang).join(names))


def table(verdicts: Sequence[Verdict], lang: str) -> Table:
    """How many of each verdict, and which known mistakes, the most frequent first."""
    shown = Table(box=None, pad_edge=False, header_style="dim")
    shown.add_column(word("verdict", lang))
    shown.add_column(word("files", lang), justify="right")
    for status, count in Counter(each.status for each in verdicts).most_common():
        shown.add_row(Text(word(status.value, lang), "green" if status is Status.PASSED else ""), str(count))
    mistakes = Counter(each.mistake.id for each in verdicts if each.mistake)
    for name, count in mistakes.most_common(10):
        shown.add_row(Text(f"  {word('mistake', lang)} {name}", "dim"), Text(str(count), "dim"))
    return shown
