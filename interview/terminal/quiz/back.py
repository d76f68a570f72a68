"""The back of a card: what was right, the reason, the mistake, the sources, what an interviewer asks next."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import chain

from rich.cells import cell_len
from rich.text import Text

from interview.content.cards.deck import Choice, Numeric, Open, PredictOutput, Reference, SpotBug, TrueFalse
from interview.content.cards.expression import evaluate
from interview.drill.numbers import right_value
from interview.terminal.quiz.context import Showing, written
from interview.terminal.quiz.model import Asking
from interview.terminal.quiz.question import answering_code
from interview.terminal.quiz.ticks import calibration, point_lines, verdict_lines
from interview.terminal.text.code import ON, code_lines, paint_code, pieces
from interview.terminal.text.prose import ACCENT, inline, prose
from interview.terminal.text.words import say
from interview.terminal.text.wrap import wrap


def back_lines(asking: Asking, showing: Showing) -> list[Text]:
    """In the order one wants them: the verdict, the answer, one's mistake, why, what is next, and where it is from."""
    mistake = own_mistake(asking, showing)
    parts = [
        answer_lines(asking, showing),
        mistake,
        reason_lines(asking, showing),
        rubric_lines(asking, showing),
        [] if mistake else mistake_lines(asking, showing),
        next_lines(asking, showing),
        source_lines(asking, showing),
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
            lines = [*verdict, *answering_code(asking, showing), Text()]
            if not asking.judged.right:
                lines += [Text(f" {say(lang, 'expected')}", "dim"), *code_lines(prints.rstrip(), width), Text()]
            return lines
        case SpotBug(lines=faulty, code=code, fix=fix):
            where = expected(asking, showing, Text(", ".join(map(str, faulty))))
            label = Text(f" {say(lang, 'fixed')}", "dim")
            return [*where, *answering_code(asking, showing), Text(), label, *changes(code, fix, width), Text()]
        case Open(model_answer=model):
            return [Text(f" {say(lang, 'model')}", f"bold {ACCENT}"), *prose(written(model, asking, showing), width)]


def expected(asking: Asking, showing: Showing, value: Text) -> list[Text]:
    verdict = verdict_lines(asking, showing)
    if asking.judged.right and not asking.judged.partly:
        return verdict
    label = (say(showing.lang, "expected") + " ", "dim")
    return [*verdict[:-1], *wrap(Text.assemble(label, value.copy()), showing.width, first=" ", rest="   "), Text()]


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
            changed = paint_code(line[2:]) if line[0] == "+" else Text(line[2:], "dim")
            for n, piece in enumerate(pieces(changed, width - 3)):
                lines.append(Text.assemble((f" {line[0] if n == 0 else ON} ", style), piece))
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


def own_mistake(asking: Asking, showing: Showing) -> list[Text]:
    mine = next((each for each in asking.card.mistakes if each.id == asking.judged.mistake), None)
    if mine is None:
        return []
    label = (say(showing.lang, "your_mistake") + say(showing.lang, "colon"), "bold red")
    return wrap(Text.assemble(label, inline(written(mine.text, asking, showing))), showing.width, first=" ", rest="   ")


def mistake_lines(asking: Asking, showing: Showing) -> list[Text]:
    """What is often said instead, each with the answer that it leads to."""
    answers = led_to(asking)
    lines = [Text(f" {say(showing.lang, 'often')}", "bold")] if asking.card.mistakes else []
    for each in sorted(asking.card.mistakes, key=lambda each: place(asking, answers.get(each.id, ""))):
        lead = f"{answers[each.id]}{say(showing.lang, 'colon')}" if each.id in answers else "· "
        words = Text.assemble((lead, "dim"), inline(written(each.text, asking, showing)))
        lines += wrap(words, showing.width, first=" ", rest="   ")
    return lines


def led_to(asking: Asking) -> dict[str, str]:
    """By mistake: the digits of the options, or the numbers, that it leads to."""
    found: dict[str, dict[str, None]] = {}
    match asking.card.answer:
        case Choice():
            for n, option in enumerate(asking.drawn.options, 1):
                found.setdefault(option.mistake or "", {})[str(n)] = None
        case Numeric(parts=parts):
            for miss in chain.from_iterable(part.near_misses for part in parts):
                found.setdefault(miss.mistake, {})[number(evaluate(miss.expr, asking.drawn.params))] = None
        case _:
            pass
    return {mistake: ", ".join(answers) for mistake, answers in found.items()}


def place(asking: Asking, answer: str) -> tuple[bool, str]:
    """A choice's mistakes stand in the order of its options, those of none after them; others as they were written."""
    return (not answer, answer) if isinstance(asking.card.answer, Choice) else (False, "")


def source_lines(asking: Asking, showing: Showing) -> list[Text]:
    """Each source once: folded to one line, or all that is known of each."""
    known = [showing.references.get(key) or Reference(key, "", key, 0, "", None) for key in asking.card.refs]
    label = say(showing.lang, "sources") + say(showing.lang, "colon")
    if asking.sources:
        lines = [Text(f" {label.strip()}", "bold")]
        for reference in known:
            year = str(reference.year or "")
            parts = (reference.authors, year, reference.title, reference.where, reference.url)
            whole = ". ".join(filter(None, parts))
            lines += wrap(Text(whole, "dim"), showing.width, first=" ", rest="   ")
        return lines
    names = list(dict.fromkeys(citation(reference) for reference in known))
    return [Text.assemble(" ", (folded(label, names, showing.width - 1), "dim"))] if names else []


def folded(label: str, names: Sequence[str], width: int) -> str:
    """As many as one line holds, the first one cut if it must be, and how many more there are."""
    for count in range(len(names), 0, -1):
        more = f" · +{len(names) - count}" if count < len(names) else ""
        line = Text(label + " · ".join(names[:count]))
        if count == 1:
            line.truncate(width - len(more), overflow="ellipsis")
        if cell_len(line.plain) + len(more) <= width:
            return line.plain + more
    return label


def citation(reference: Reference) -> str:
    """`PyTorch 2026, torch/optim/adam.py`: the title tells sources apart."""
    return ", ".join(filter(None, (f"{cited(reference.authors)} {reference.year or ''}".strip(), reference.title)))


def cited(authors: str) -> str:
    """`Wager et al.`, `Baldi & Sadowski`, `PyTorch`: surnames, and no more than two."""
    names = [
        re.sub(r"^(?:[A-Z]\.[- ]?)+\s*", "", name.removesuffix(" contributors"))
        for name in re.split(r",\s*|\s+&\s+|\s+and\s+", authors)
        if name
    ]
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
        lines += wrap(Text.assemble(label, ("   " + state, "dim")), width, first=" ", rest="   ")
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
