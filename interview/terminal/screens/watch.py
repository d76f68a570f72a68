"""The watch screen: what the last save fixed, what it broke, what still fails; calm in between."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.text import Text

from interview.content.katas.kata import Kata
from interview.dataclass import dataclass
from interview.grading.verdict import CheckResult, Status, Verdict
from interview.practice.answers.solution import Shown
from interview.practice.kata.watch import Change
from interview.terminal.screens.answers.beside import change_lines
from interview.terminal.screens.answers.solution import solution_lines
from interview.terminal.screens.hints import hint_lines
from interview.terminal.screens.verdict import failures, learning, printed, stop_line
from interview.terminal.screens.words import BUSY, Busy, VerdictWords, WatchWords
from interview.terminal.text.wrap import wrap
from interview.terminal.tui.screen import View
from interview.text import LIST
from interview.text import Text as Words


@dataclass(frozen=True, slots=True)
class Hints:
    """The rungs up to this many were asked for."""

    rungs: int


@dataclass(frozen=True, slots=True)
class Difference:
    """What changed since the last run was asked for: the lines of a diff."""

    lines: Sequence[str]


@dataclass(frozen=True, slots=True)
class Watching:
    """What the screen shows. `trouble` is a sentence about the file; `aside` what was asked for.

    While `busy` is said the verdict is of an older file, and dim. `everything` shows each failed check in full. `pace`
    says how long a pass took.
    """

    kata: Kata
    lang: str
    clock: str = ""
    attempt: int | None = None
    verdict: Verdict | None = None
    change: Change | None = None
    busy: Busy | None = "starting"
    trouble: str | None = None
    aside: Hints | Difference | Shown | None = None
    everything: bool = False
    pace: str = ""


def watch_view(watching: Watching, width: int, *, scrolls: bool = False) -> View:
    """`scrolls`: is the body longer than the screen? Then the keys for it are named too."""
    lines = [top(watching, width), Text(), *body(watching, width)]
    return View(lines, wrap(Text(" · ".join(keys(watching, scrolls=scrolls)), "dim"), width))


def keys(watching: Watching, *, scrolls: bool) -> list[str]:
    said = [WatchWords.keys.say(watching.lang)]
    if scrolls:
        said.append(WatchWords.scroll.say(watching.lang))
    if watching.everything:
        said.append(WatchWords.fewer.say(watching.lang))
    return said


def body(watching: Watching, width: int) -> Iterator[Text]:
    lang = watching.lang
    if watching.trouble:
        yield from wrap(Text(watching.trouble, "red"), width)
        yield Text()
    match watching.aside:
        case Hints(rungs):
            yield from hint_lines(watching.kata, rungs, lang, width)
        case Difference(changed):
            yield from change_lines(changed or [WatchWords.no_change.say(lang)], width)
            yield Text()
        case Shown() as shown:
            yield from solution_lines(shown, lang=lang, width=width)
            yield Text()
        case None:
            pass
    if watching.verdict is not None:
        for line in verdict_lines(watching, watching.verdict, width):
            yield Text(line.plain, "dim") if watching.busy else line


def verdict_lines(watching: Watching, verdict: Verdict, width: int) -> Iterator[Text]:
    lang = watching.lang
    if verdict.status is Status.UNTOUCHED:
        yield from wrap(Text(VerdictWords.untouched.say(lang, file=verdict.file.name)), width)
        return
    if verdict.reason is not None:
        yield from wrap(stop_line(verdict, lang), width)
        yield Text()
    if watching.change is not None:
        yield from changes(watching.change, lang, width)
    yield Text(WatchWords.count.say(lang, passed=verdict.passed, total=len(verdict.judged)), "bold")
    yield Text()
    yield from failures(verdict, lang=lang, width=width, everything=watching.everything, more=WatchWords.all.say(lang))
    yield from printed(verdict, lang, width)
    yield from learning(verdict, watching.kata, lang, width)
    if watching.pace:
        yield from wrap(Text(f"\n{watching.pace}", "dim"), width)


def top(watching: Watching, width: int) -> Text:
    """`dropout · 14:03:22 · 0.08 s                attempt 6`"""
    left = Text(watching.kata.id, "bold")
    if watching.clock:
        left.append(f" · {watching.clock}", "dim")
    if watching.verdict is not None and watching.verdict.seconds:
        left.append(f" · {watching.verdict.seconds:.2f} s", "dim")
    right = ""
    if watching.busy:
        right = BUSY[watching.busy].say(watching.lang)
    elif watching.attempt:
        right = WatchWords.attempt.say(watching.lang, n=watching.attempt)
    gap = width - left.cell_len - Text(right).cell_len
    return left.append(" " * max(2, gap)).append(right, "dim")


def changes(change: Change, lang: str, width: int) -> Iterator[Text]:
    rows: Sequence[tuple[Words, str, str, Sequence[CheckResult]]] = (
        (WatchWords.fixed, "✓", "green", change.fixed),
        (WatchWords.broken, "✗", "red", change.broken),
        (WatchWords.still, "✗", "red", change.still),
    )
    for words, mark, style, results in rows:
        label = words.say(lang)
        label += " " * (8 - Text(label).cell_len)
        if not results:
            yield Text.assemble(label, ("–", "dim"))
            continue
        names = LIST.say(lang).join(each.check.title.say(lang) for each in results)
        yield from wrap(Text.assemble((f"{mark} ", style), names), width, first=label, rest=" " * 10)
    yield Text()
