"""The back of a card: what was right, the reason, the mistake, the sources, what an interviewer asks next."""

from __future__ import annotations

import re

from rich.text import Text

from interview.content.deck import Choice, Numeric, Open, PredictOutput, Reference, SpotBug, TrueFalse
from interview.drill.numbers import right_value
from interview.terminal.asking import Asking
from interview.terminal.code import code_lines, paint_code
from interview.terminal.prose import ACCENT, inline, prose
from interview.terminal.showing import Showing, written
from interview.terminal.ticks import calibration, point_lines, verdict_lines
from interview.terminal.words import say
from interview.terminal.wrap import wrap


def back_lines(asking: Asking, showing: Showing) -> list[Text]:
    """In the order one wants them: the verdict, the answer, why, the mistakes, where it is from, and what is next."""
    parts = [
        answer_lines(asking, showing),
        reason_lines(asking, showing),
        rubric_lines(asking, showing),
        mistake_lines(asking, showing),
        source_lines(asking, showing),
        next_lines(asking, showing),
    ]
    lines: list[Text] = []
    for part in parts:
        lines += [Text(), *part] if part and lines and lines[-1].plain.strip() else part
    return lines


def answer_lines(asking: Asking, showing: Showing) -> list[Text]:
    width, lang = showing.width, showing.lang
    verdict = verdict_lines(asking, showing)
    match asking.card.answer:
        case Choice():
            return option_lines(asking, showing)
        case TrueFalse(holds=holds):
            return verdict or [Text.assemble(" ", (say(lang, "true" if holds else "false"), "bold")), Text()]
        case Numeric(parts=parts):
            values = " | ".join(number(right_value(part, asking.drawn.params)) for part in parts)
            return expected(asking, showing, Text(values))
        case PredictOutput(prints=prints):
            if asking.judged.right:
                return verdict
            label = Text(f" {say(lang, 'expected')}", "dim")
            return [*verdict, label, *(Text(f"   {line}") for line in prints.rstrip().split("\n")), Text()]
        case SpotBug(lines=lines, code=code, fix=fix):
            where = expected(asking, showing, Text(", ".join(map(str, lines))))
            return [*where, Text(f" {say(lang, 'fixed')}", "dim"), *changes(code, fix, width), Text()]
        case Open(model_answer=model):
            return [Text(f" {say(lang, 'model')}", f"bold {ACCENT}"), *prose(written(model, asking, showing), width)]


def expected(asking: Asking, showing: Showing, value: Text) -> list[Text]:
    verdict = verdict_lines(asking, showing)
    if asking.judged.right and not asking.judged.partly:
        return verdict
    label = (say(showing.lang, "expected") + " ", "dim")
    return [*verdict, *wrap(Text.assemble(label, value.copy()), showing.width, first=" ", rest="   "), Text()]


def number(value: float) -> str:
    return f"{value:.6g}"


def option_lines(asking: Asking, showing: Showing) -> list[Text]:
    """All options as they stood: the right ones marked, a wrong one that was picked too."""
    lines: list[Text] = []
    for n, option in enumerate(asking.drawn.options, 1):
        words = inline(written(option.text, asking, showing))
        picked = option.id in asking.picked
        if option.right:
            mark, style = ("✓", "green")
        else:
            mark, style = ("✗", "red") if picked else (" ", "dim")
        words.stylize(style)
        rows = wrap(words, showing.width, first=f" {mark} {n} ", rest="     ")
        rows[0].stylize(style, 0, 4)
        lines += rows
    said = calibration(asking, showing)
    return [*lines, Text(), *([Text(f" {said}", "dim"), Text()] if said else [])]


def changes(code: str, fix: str, width: int) -> list[Text]:
    """The lines that the fix takes out and puts in."""
    from difflib import ndiff

    lines: list[Text] = []
    for line in ndiff(code.rstrip("\n").split("\n"), fix.rstrip("\n").split("\n")):
        if line.startswith(("+ ", "- ")):
            style = "green" if line[0] == "+" else "red"
            lines.append(
                Text.assemble((f" {line[0]} ", style), paint_code(line[2:]) if line[0] == "+" else (line[2:], "dim"))
            )
    return lines or code_lines(fix, width)


def reason_lines(asking: Asking, showing: Showing) -> list[Text]:
    reason = asking.card.reason
    return prose(written(reason, asking, showing), showing.width) if reason else []


def rubric_lines(asking: Asking, showing: Showing) -> list[Text]:
    """The points that were not said; all of them, if nobody ticked."""
    ticks = asking.assessed or frozenset()
    left = [n for n in range(len(asking.card.rubric)) if n not in ticks]
    if not left:
        return []
    label = say(showing.lang, "not_said" if asking.assessed is not None else "points")
    lines = [Text(f" {label}", "bold")]
    for n in left:
        lines += point_lines(asking, showing, n, mark="·")
    return lines


def mistake_lines(asking: Asking, showing: Showing) -> list[Text]:
    """The one that was made, by name; else what is often said instead."""
    lang, width = showing.lang, showing.width
    mine = [each for each in asking.card.mistakes if each.id == asking.judged.mistake]
    shown, label, style = (mine, "your_mistake", "bold red") if mine else (asking.card.mistakes, "often", "bold")
    lines: list[Text] = []
    for n, each in enumerate(shown):
        lead = Text.assemble((say(lang, label) + say(lang, "colon"), style)) if n == 0 else Text("· ", "dim")
        lines += wrap(Text.assemble(lead, inline(written(each.text, asking, showing))), width, first=" ", rest="   ")
    return lines


def source_lines(asking: Asking, showing: Showing) -> list[Text]:
    known = [showing.references.get(key) for key in asking.card.refs]
    said = [citation(reference) if reference else key for key, reference in zip(asking.card.refs, known, strict=True)]
    return wrap(Text(" · ".join(said), "dim"), showing.width, first=" ", rest=" ") if said else []


def citation(reference: Reference) -> str:
    """`PyTorch contributors 2026, torch/optim/adam.py, PyTorch source code, v2.13`: the title tells sources apart."""
    return f"{cited(reference.authors)} {reference.year}, {reference.title}, {reference.where}"


def cited(authors: str) -> str:
    """`Wager et al.`, `Baldi & Sadowski`, `PyTorch contributors`: surnames, and no more than two."""
    names = [
        re.sub(r"^(?:[A-Z]\.[- ]?)+\s*", "", name) for name in re.split(r",\s*|\s+&\s+|\s+and\s+", authors) if name
    ]
    if not names:
        return authors
    return f"{names[0]} et al." if len(names) > 2 else " & ".join(names)


def next_lines(asking: Asking, showing: Showing) -> list[Text]:
    """The follow-ups, each with what can be done about it, and the kata that proves it."""
    lang, width = showing.lang, showing.width
    lines: list[Text] = []
    for n, follow in enumerate(asking.card.follow_ups):
        asked = (
            inline(written(follow.ask, asking, showing))
            if follow.ask
            else inline(showing.names.get(follow.card or "", follow.card or ""))
        )
        label = Text.assemble((say(lang, "follow_up") + say(lang, "colon"), f"bold {ACCENT}"), asked)
        waiting = n == len(asking.taken)
        state = say(lang, "taken") if n in asking.taken and follow.card else say(lang, "take_it") if waiting else ""
        lines += wrap(Text.assemble(label, "   ", (state, "dim")), width, first=" ", rest="   ")
        if n in asking.told and follow.expect:
            lines += prose(written(follow.expect, asking, showing), width, indent="   ")
    if asking.card.kata:
        label = Text.assemble(
            (say(lang, "hands_on") + say(lang, "colon"), "bold"), f"interview kata {asking.card.kata}   ", ("k", ACCENT)
        )
        lines += wrap(label, width, first=" ", rest="   ")
    return lines


def follow_lines(asking: Asking, showing: Showing) -> list[Text]:
    """A free follow-up on a screen of its own."""
    last = asking.taken[-1]
    follow = asking.card.follow_ups[last]
    lines = [Text(f" {say(showing.lang, 'follow_up')}", f"bold {ACCENT}"), Text()]
    lines += prose(written(follow.ask, asking, showing), showing.width) if follow.ask else []
    if last in asking.told and follow.expect:
        lines += [Text(), Text(f" {say(showing.lang, 'expect')}", "bold")]
        lines += prose(written(follow.expect, asking, showing), showing.width)
    return lines
