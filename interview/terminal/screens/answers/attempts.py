"""The attempts on a screen: all of them, one of them, two beside each other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.text import Text

from interview.content.katas.kata import Kata
from interview.drill.attempts import Kept
from interview.practice.kata.attempts import Copy, State, difference, mistake_of
from interview.terminal.screens.answers.beside import WIDE, change_lines, compared
from interview.terminal.screens.answers.words import AttemptsWords, spent
from interview.terminal.text.code import code_lines
from interview.terminal.text.prose import inline
from interview.terminal.text.words import several
from interview.terminal.text.wrap import wrap
from interview.text import LIST

MARKS = {"passed": ("✓", "green")}
WRONG = ("✗", "red")


def list_lines(kata: Kata, attempts: Sequence[tuple[Kept, Copy]], lang: str, width: int) -> Iterator[Text]:
    """The newest last."""
    if not attempts:
        yield from wrap(Text(AttemptsWords.none.say(lang, kata=kata.id)), width)
        return
    n = len(attempts)
    yield Text(AttemptsWords.head.say(lang, kata=kata.id, attempts=several(n, "attempts"), n=n), "bold")
    yield Text()
    digits = len(str(n))
    for kept, copy in attempts:
        yield from wrap(facts(kept, lang), width, first=f" {kept.number:>{digits}}  ", rest=" " * (digits + 3))
        for said in told(kata, kept, copy, lang):
            yield from wrap(said, width, first=" " * (digits + 3), rest=" " * (digits + 3))
    yield Text()
    yield from wrap(Text(AttemptsWords.more.say(lang), "dim"), width, first=" ", rest=" ")


def facts(kept: Kept, lang: str) -> Text:
    """When, how many checks passed, the minutes, the hints."""
    line = Text(f"{kept.at:%Y-%m-%d %H:%M}   ")
    last = kept.last
    if last is None:
        return line.append(AttemptsWords.aside.say(lang), "dim")
    mark, style = MARKS.get(last.status, WRONG)
    line.append(f"{mark} ", style)
    line.append(f"{last.passed}/{last.total}" if last.total else status(last.status, lang))
    more = [] if kept.minutes is None else [spent(kept.minutes, lang)]
    more += [AttemptsWords.hints.say(lang, hints=several(last.hints, "hints"), n=last.hints)] if last.hints else []
    more += [AttemptsWords.times.say(lang, n=kept.times)] if kept.times > 1 else []
    more += [AttemptsWords.gave_up.say(lang)] if kept.gave_up else []
    more += [AttemptsWords.seen.say(lang)] if kept.seen else []
    return line.append("".join(f"   {each}" for each in more), "dim")


def status(word: str, lang: str) -> str:
    """A word of a later interview stands as it is."""
    from interview.grading.verdict import Status
    from interview.terminal.screens.grade import STATUS

    return STATUS[Status(word)].say(lang) if word in list(Status) else word


def told(kata: Kata, kept: Kept, copy: Copy, lang: str) -> Iterator[Text]:
    """The mistake that was named, or what failed; and what became of the copy."""
    mistake = mistake_of(kata, kept)
    titles = {check.id: check.title.say(lang) for check in kata.checks}
    if mistake:
        yield inline(mistake.say(lang))
    elif kept.last and kept.last.failed:
        names = LIST.say(lang).join(titles.get(each, each) for each in kept.last.failed)
        yield Text(AttemptsWords.failed.say(lang, names=names))
    elif kept.last and kept.last.status in ("crashed", "timeout") and kept.last.total:
        yield Text(status(kept.last.status, lang))
    if copy.state is not State.WHOLE:
        words = AttemptsWords.missing if copy.state is State.MISSING else AttemptsWords.changed
        yield Text(words.say(lang), "yellow")


def one_lines(kata: Kata, kept: Kept, copy: Copy, total: int, lang: str, width: int) -> Iterator[Text]:
    """One attempt with its verdict, and the file as it was judged."""
    head = AttemptsWords.attempt.say(lang, kata=kata.id, n=kept.number, total=total)
    yield from wrap(Text(head, "bold"), width)
    yield from wrap(facts(kept, lang), width, first=" ", rest=" ")
    failed = set(kept.last.failed) if kept.last else set()
    for each in told(kata, kept, copy, lang):
        yield from wrap(each, width, first=" ", rest=" ")
    for check in kata.checks:
        if check.id in failed:
            line = Text.assemble(("✗ ", "red"), check.rule.say(lang).strip())
            yield from wrap(line, width, first=" ", rest="   ")
    if copy.state is not State.MISSING:
        yield Text()
        yield from code_lines(copy.source, width, numbered=True)


def difference_lines(before: tuple[str, str], after: tuple[str, str], lang: str, width: int) -> Iterator[Text]:
    """Two files, each with what it is called."""
    names = Text.assemble((before[0], "red"), " → ", (after[0], "green"))
    yield from wrap(names, width)
    if before[1] == after[1]:
        yield Text(AttemptsWords.same.say(lang), "dim")
    elif width >= WIDE:
        yield from compared(before[1], after[1], width)
    else:
        yield from change_lines(difference(before[1], after[1]), width)
