"""The verdict, for a person: the mistake in a sentence leads, then the call, what came back, what was expected."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.cells import set_cell_size
from rich.text import Text

from interview.content.katas.kata import Kata
from interview.content.reading.problem import printable
from interview.grading.messages.events import LAST_CALLS
from interview.grading.messages.findings import BarPicture, MaskPicture
from interview.grading.verdict import CheckResult, Outcome, Status, Verdict, failures_in_order
from interview.terminal.screens.words import VerdictWords
from interview.terminal.text.prose import prose
from interview.terminal.text.wrap import wrap
from interview.text import LIST
from interview.text import Text as Both

PRINTED_LINES, PRINTED_SHOWN = 20, 1200  # of what was printed: lines and characters
GAP = Both(" ", "")  # between a question and its answer
SHOWN = 3  # failed checks shown in full; the rest is named


def render(verdict: Verdict, kata: Kata, *, lang: str, width: int, everything: bool = False) -> list[Text]:
    """The whole report, folded to the width. `everything` shows each failed check in full."""
    return list(report(verdict, kata, lang=lang, width=width, everything=everything))


def report(verdict: Verdict, kata: Kata, *, lang: str, width: int, everything: bool) -> Iterator[Text]:
    if verdict.status is Status.UNTOUCHED:
        yield from wrap(Text(VerdictWords.untouched.say(lang, file=printable(verdict.file.name))), width)
        return
    yield from wrap(head(verdict, lang), width)
    yield Text()
    if verdict.reason is not None:
        yield from wrap(stop_line(verdict, lang), width)
        yield Text()
    ticks = list(ticked(verdict, lang, width))
    yield from [*ticks, Text()] if ticks else []
    yield from failures(verdict, lang=lang, width=width, everything=everything, more=VerdictWords.all.say(lang))
    told = list(unseen(verdict, lang, width))
    yield from told
    yield from seen_to_pass(verdict, lang, width)
    unreached = sum(each.outcome is Outcome.NOT_REACHED for each in verdict.judged)
    if unreached and verdict.passed and not told:
        yield Text(VerdictWords.not_reached.say(lang, n=unreached), "dim")
    if verdict.forbidden:
        yield from wrap(Text(VerdictWords.forbidden.say(lang, names=LIST.say(lang).join(verdict.forbidden))), width)
    yield from printed(verdict, lang, width)
    yield from learning(verdict, kata, lang, width)
    if verdict.missing_layers:
        yield from wrap(
            Text(VerdictWords.missing.say(lang, layers=LIST.say(lang).join(verdict.missing_layers)), "dim"),
            width,
        )


def head(verdict: Verdict, lang: str) -> Text:
    line = Text()
    text = VerdictWords.head.say(
        lang, kata=verdict.kata, passed=verdict.passed, total=len(verdict.judged), seconds=verdict.seconds
    )
    line.append(text, "bold")
    if verdict.seed:
        line.append(" · " + VerdictWords.seed.say(lang, seed=verdict.seed), "dim")
    return line


def stop_line(verdict: Verdict, lang: str) -> Text:
    assert verdict.reason is not None
    words = VerdictWords.stopped
    if verdict.status is Status.BROKEN:
        words = VerdictWords.broken
    elif verdict.status is Status.CRASHED and not verdict.passed:
        words = VerdictWords.crashed
    return Text.assemble(
        (place(verdict, verdict.line), "bold"), (words.say(lang, reason=verdict.reason.say(lang)), "red")
    )


def place(verdict: Verdict, line: int | None) -> str:
    """`dropout.py:12: `, as editors and terminals know it; nothing where no line is known."""
    return f"{printable(verdict.file.name)}:{line}: " if line else ""


def ticked(verdict: Verdict, lang: str, width: int) -> Iterator[Text]:
    """The passed checks in a line or two; a title never breaks between lines."""
    line = Text()
    for each in verdict.checks:
        if each.outcome is not Outcome.PASSED:
            continue
        tick = Text.assemble(("✓ ", "green"), each.check.title.say(lang))
        if line and line.cell_len + 3 + tick.cell_len > width:
            yield line
            line = Text()
        line = Text.assemble(line, "   " if line else "", tick)
    if line:
        yield line


def failures(verdict: Verdict, *, lang: str, width: int, everything: bool, more: str) -> Iterator[Text]:
    """First the check that named the mistake, or the first that failed; then those that do not merely follow.

    `more` says how the rest can be seen.
    """
    ordered = failures_in_order(verdict)
    chosen = [each for each in ordered if each[1] or each[0].check.id in verdict.asked]
    full = ordered if everything else chosen if verdict.asked else chosen[:SHOWN]
    for each, alone in full:
        yield from failure(each, verdict, lang=lang, width=width, alone=alone)
    rest = [each[0] for each in ordered if each not in full]
    if rest:
        titles = LIST.say(lang).join(each.check.title.say(lang) for each in rest)
        line = Text.assemble(("✗ ", "red"), (VerdictWords.more.say(lang, n=len(rest), names=titles), "dim"))
        yield from wrap(line.append("   " + more, "dim"), width, rest="  ")
        yield Text()


def unseen(verdict: Verdict, lang: str, width: int) -> Iterator[Text]:
    """Where nothing has failed, and yet not all has passed: the checks that ran and found nothing to judge by."""
    if any(each.outcome is Outcome.FAILED for each in verdict.checks) or verdict.reason is not None:
        return
    for each in verdict.checks:
        if each.outcome is Outcome.NOT_REACHED and each.message is not None:
            yield from wrap(
                Text.assemble(("– ", "yellow"), (each.check.rule.say(lang).strip(), "bold")), width, rest="  "
            )
            yield from details(each, verdict, lang, width)
            yield Text()


def failure(result: CheckResult, verdict: Verdict, *, lang: str, width: int, alone: bool) -> Iterator[Text]:
    rule = Text.assemble(("✗ ", "red"), (result.check.rule.say(lang).strip(), "bold"))
    yield from wrap(rule if alone else rule.append("   " + VerdictWords.follows.say(lang), "dim"), width, rest="  ")
    yield from details(result, verdict, lang, width)
    yield Text()


def details(result: CheckResult, verdict: Verdict, lang: str, width: int) -> Iterator[Text]:
    def inside(text: Text) -> list[Text]:
        return wrap(text, width, first="  ", rest="  ")

    if result.call:
        yield from inside(Text(result.call, "cyan"))
    if result.message is not None and result.message.say(lang) and result.message != verdict.reason:
        where = (place(verdict, result.line), "bold")
        yield from inside(Text.assemble(where, result.message.say(lang).strip()))
    for label, value in ((VerdictWords.got, result.got), (VerdictWords.expected, result.expected)):
        if value is not None and not (result.message and value.say(lang) in result.message.say(lang)):
            yield from inside(Text(f"{label.say(lang)}: ", "dim").append(shorten(value.say(lang), 400)))
    if result.printed.strip():
        yield from prints(VerdictWords.printed_here.say(lang), result.printed, width)
    yield from calls_of(result, lang, width)
    match result.picture:
        case MaskPicture(yours, expected):
            yield Text()
            yield from draw_masks(yours, expected, lang=lang, width=width)
        case BarPicture(got, low, high):
            yield draw_bar(got, low, high, width=min(width - 4, 60))
        case None:
            pass


def seen_to_pass(verdict: Verdict, lang: str, width: int) -> Iterator[Text]:
    """The calls of the checks that were asked for and passed, where calls were asked for too."""
    for each in verdict.checks:
        if each.check.id in verdict.asked and each.outcome is Outcome.PASSED and each.calls:
            yield from wrap(
                Text.assemble(("✓ ", "green"), (each.check.rule.say(lang).strip(), "bold")), width, rest="  "
            )
            yield from calls_of(each, lang, width)
            yield Text()


def calls_of(result: CheckResult, lang: str, width: int) -> Iterator[Text]:
    """`dropout(x, p=0.3)    x: (64, 48) float32 → tensor (64, 48) float32`, a line each."""
    if not result.calls:
        return
    yield Text("  " + VerdictWords.calls.say(lang), "dim")
    gap = len(result.calls) - LAST_CALLS if result.left_out else None
    for n, each in enumerate(result.calls):
        if n == gap:
            yield Text("    " + VerdictWords.left_out.say(lang, n=result.left_out), "dim")
        line = Text.assemble((each.call, "cyan"), (" → ", "dim"), each.came)
        yield from wrap(line, width, first="    ", rest="      ")


def printed(verdict: Verdict, lang: str, width: int) -> Iterator[Text]:
    """What the file printed, unless a failed check shows what its own calls did."""
    if verdict.printed.strip() and not any(each.outcome is Outcome.FAILED and each.printed for each in verdict.checks):
        yield from prints(VerdictWords.printed.say(lang), verdict.printed, width)
        yield Text()


def prints(label: str, text: str, width: int) -> Iterator[Text]:
    """The last lines of what was printed; the failing call is the last that printed."""
    kept = text.strip("\n").split("\n")[-PRINTED_LINES:]
    yield Text("  " + label, "dim")
    yield from wrap(Text("\n".join(kept)[-PRINTED_SHOWN:], "dim"), width, first="    ", rest="    ")


def draw_masks(yours: Sequence[str], expected: Sequence[str], *, lang: str, width: int) -> Iterator[Text]:
    """Two masks as half-blocks, two rows to a line: kept is drawn. Side by side where there is room."""
    left, right = pad(VerdictWords.yours.say(lang), 9), pad(VerdictWords.wanted.say(lang), 9)
    blank = " " * 9
    pairs = list(zip(half_blocks(yours), half_blocks(expected), strict=False))
    columns = len(yours[0]) if yours else 0
    if 2 * columns + 24 <= width:
        for index, (mine, theirs) in enumerate(pairs):
            labels = (blank, blank) if index else (left, right)
            yield Text.assemble("  ", (labels[0], "dim"), mine, "   ", (labels[1], "dim"), theirs)
        return
    for label, mask in ((left, yours), (right, expected)):
        yield Text("  " + label, "dim")
        yield from (Text("  " + line[: width - 2]) for line in half_blocks(mask))


def half_blocks(mask: Sequence[str]) -> list[str]:
    """`1` is kept. Each character shows two rows: ▀ the upper, ▄ the lower, █ both."""
    even = [*mask, "0" * len(mask[0])] if len(mask) % 2 else list(mask)
    pairs = zip(even[::2], even[1::2], strict=True)
    return ["".join(" ▄▀█"[2 * (a == "1") + (b == "1")] for a, b in zip(up, down, strict=True)) for up, down in pairs]


def draw_bar(got: float, low: float, high: float, *, width: int) -> Text:
    """A rate on [0, 1] against the interval it had to fall in."""
    cells = max(20, width - 8)

    def place(value: float) -> int:
        return min(cells - 1, max(0, round(value * (cells - 1))))

    bar = Text.assemble(("  0 ", "dim"), *(
        ("●", "red") if index == place(got) else ("━", "green") if place(low) <= index <= place(high) else ("─", "dim")
        for index in range(cells)
    ))  # fmt: skip
    return bar.append(" 1", "dim")


def pad(label: str, cells: int) -> str:
    return set_cell_size(label, cells)


def learning(verdict: Verdict, kata: Kata, lang: str, width: int) -> Iterator[Text]:
    if verdict.asked:
        said = VerdictWords.cards.say(lang, cards=LIST.say(lang).join(verdict.cards)) if verdict.cards else ""
        yield from wrap(Text(VerdictWords.partial.say(lang) + said), width)
    elif verdict.status is Status.PASSED:
        yield Text(VerdictWords.passed.say(lang, total=len(verdict.checks)), "green")
        if kata.after:
            yield Text()
            yield Text(VerdictWords.next.say(lang), "bold")
        for each in kata.after:
            said = GAP.say(lang).join(part.say(lang).strip() for part in (each.ask, each.answer) if part)
            yield from prose("- " + said.replace("\n", "\n  "), width)
    elif verdict.cards:
        yield from wrap(Text(VerdictWords.due.say(lang, cards=LIST.say(lang).join(verdict.cards))), width)


def shorten(text: str, limit: int = 1200) -> str:
    return text if len(text) <= limit else text[:limit] + " …"
