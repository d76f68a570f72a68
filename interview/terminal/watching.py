"""The watch screen: what the last save fixed, what it broke, what still fails; calm in between."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rich.text import Text

from interview.content.kata import Kata
from interview.grading.verdict import CheckResult, Status, Verdict
from interview.practice.watch import Change
from interview.terminal.screen import View
from interview.terminal.verdict import failures, learning, say, stop_line
from interview.terminal.wrap import wrap

WORDS = {
    "starting": ("starting …", "正在启动 …"),
    "judging": ("judging …", "正在判题 …"),
    "waiting": ("waiting for a save", "等待保存"),
    "fixed": ("fixed", "修好"),
    "broken": ("broken", "新坏"),
    "still": ("still", "仍然"),
    "attempt": ("attempt {n}", "第 {n} 次"),
    "count": ("{passed} of {total}", "{passed} / {total}"),
    "keys": ("r run now · h hint · d what changed · q leave", "r 立即运行 · h 提示 · d 看改动 · q 离开"),
    "hint": ("Hint", "提示"),
    "no_change": ("nothing changed since the last run", "与上次相比没有改动"),
}


def word(key: str, lang: str) -> str:
    return WORDS[key][lang == "zh"]


@dataclass(frozen=True, slots=True)
class Watching:
    """What the screen shows. `trouble` is a sentence about the file; `aside` a hint or a diff that was asked for."""

    kata: Kata
    lang: str
    clock: str = ""
    attempt: int | None = None
    verdict: Verdict | None = None
    change: Change | None = None
    busy: str | None = "starting"
    trouble: str | None = None
    aside: tuple[str, ...] = ()


def watch_view(watching: Watching, width: int) -> View:
    lang = watching.lang
    return View(list(body(watching, width)), wrap(Text(word("keys", lang), "dim"), width))


def body(watching: Watching, width: int) -> Iterator[Text]:
    lang, verdict = watching.lang, watching.verdict
    yield top(watching, width)
    yield Text()
    if watching.trouble:
        yield from wrap(Text(watching.trouble, "red"), width)
        yield Text()
    for line in watching.aside:
        style = "green" if line.startswith("+") else "red" if line.startswith("-") else ""
        yield from wrap(Text(line, style), width)
    if watching.aside:
        yield Text()
    if verdict is None:
        return
    if verdict.status is Status.UNTOUCHED:
        yield from wrap(Text(say(lang, "untouched", file=verdict.file.name)), width)
        return
    if verdict.reason is not None:
        yield from wrap(stop_line(verdict, lang), width)
        yield Text()
    if watching.change is not None:
        yield from changes(watching.change, lang, width)
    yield Text(word("count", lang).format(passed=verdict.passed, total=len(verdict.checks)), "bold")
    yield Text()
    yield from failures(verdict, lang=lang, width=width, everything=False)
    if verdict.status is Status.PASSED:
        yield from learning(verdict, watching.kata, lang, width)


def top(watching: Watching, width: int) -> Text:
    """`dropout · 14:03:22 · 0.08 s                attempt 6`"""
    left = Text(watching.kata.id, "bold")
    if watching.clock:
        left.append(f" · {watching.clock}", "dim")
    if watching.verdict is not None and watching.verdict.seconds:
        left.append(f" · {watching.verdict.seconds:.2f} s", "dim")
    right = ""
    if watching.busy:
        right = word(watching.busy, watching.lang)
    elif watching.attempt:
        right = word("attempt", watching.lang).format(n=watching.attempt)
    gap = width - left.cell_len - Text(right).cell_len
    return left.append(" " * max(2, gap)).append(right, "dim")


def changes(change: Change, lang: str, width: int) -> Iterator[Text]:
    rows: Sequence[tuple[str, str, str, Sequence[CheckResult]]] = (
        ("fixed", "✓", "green", change.fixed),
        ("broken", "✗", "red", change.broken),
        ("still", "✗", "red", change.still),
    )
    for key, mark, style, results in rows:
        label = word(key, lang)
        label += " " * (8 - Text(label).cell_len)
        if not results:
            yield Text.assemble(label, ("–", "dim"))
            continue
        names = ", ".join(each.check.title.say(lang) for each in results)
        yield from wrap(Text.assemble((f"{mark} ", style), names), width, first=label, rest=" " * 10)
    yield Text()
