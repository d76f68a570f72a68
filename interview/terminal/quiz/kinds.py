"""The kinds on the screen: what each asks, what its typed lines are asked for, and what answers it."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import chain

from rich.text import Text

from interview.content.cards.deck import Card, Choice, Flip, Numeric, Open, PredictOutput, SpotBug, TrueFalse
from interview.content.cards.expression import evaluate, fill
from interview.content.cards.markdown import joined
from interview.drill.answers import lines_wanted
from interview.drill.numbers import right_value
from interview.terminal.quiz.context import Showing, written
from interview.terminal.quiz.model import Asking, Mode
from interview.terminal.quiz.ticks import calibration, verdict_lines
from interview.terminal.text.code import ON, code_lines, paint_code, pieces
from interview.terminal.text.prose import ACCENT, inline, prose
from interview.terminal.text.words import QuizWords
from interview.terminal.text.wrap import wrap

LONG = 12  # lines of code: more would push the answer off a screen of 24 rows
NEAR = 2  # lines shown above and below a faulty one


# What is asked


def question(asking: Asking, showing: Showing) -> list[Text]:
    """What is asked, and what the kind adds to it; not the options. The deck's note is under a card that needs it."""
    card = asking.card
    lines = prose(written(card.ask, asking, showing), showing.width) if card.ask else []
    lines += added_lines(asking, showing)
    if showing.note and card.needs(showing.note):
        note = prose(showing.note.say(showing.lang), showing.width)
        for line in note:
            line.stylize("dim")
        lines += [Text(), *note]
    return [*lines, Text()]


def added_lines(asking: Asking, showing: Showing) -> list[Text]:
    """A statement; or code, which on the back stands with the answer, unless it is long."""
    width = showing.width
    match asking.card.answer:
        case TrueFalse(statement=statement):
            asks = [] if asking.card.ask else [Text(" " + QuizWords.true_or_false.say(showing.lang), "dim")]
            return [*asks, Text(), *prose(written(statement, asking, showing), width, indent="   ")]
        case PredictOutput(code=code):
            return [] if asking.mode is Mode.BACK else [Text(), *code_lines(code, width)]
        case SpotBug() as answer if asking.mode is not Mode.BACK or is_long(answer):
            seen = asking.mode is Mode.BACK or asking.ticks is not None  # which lines are faulty
            marked = frozenset(answer.lines if seen else ())
            return [Text(), *code_lines(answer.code, width, numbered=True, marked=marked)]
        case Open() | Choice() | Numeric() | SpotBug() | Flip():
            return []


def is_long(answer: SpotBug) -> bool:
    return answer.code.count("\n") > LONG


def asked(card: Card, lang: str, params: Mapping[str, float]) -> str:
    """The first paragraph, of several quantities the first; code is left out."""
    texts = [text for text in (card.ask, *card.asks[:1]) if text]
    paragraphs = [text.say(lang).strip().split("\n\n")[0] for text in texts]
    return fill(joined(chain.from_iterable(each.split("\n") for each in paragraphs)), params)


def prompt_lines(asking: Asking, showing: Showing, n: int, *, opened: bool = False) -> list[Text]:
    """What the nth typed line is asked for, where there are several; `opened`: it is being typed."""
    match asking.card.answer:
        case Numeric(parts=parts):
            part = parts[n].ask
            return prose(written(part, asking, showing), showing.width) if part else []
        case PredictOutput() if opened and lines_wanted(asking.card) > 1:
            wanted = QuizWords.prints_lines.say(showing.lang, n=lines_wanted(asking.card))
            return wrap(Text(wanted, "dim"), showing.width, first=" ", rest=" ")
        case Open() | Choice() | TrueFalse() | PredictOutput() | SpotBug() | Flip():
            return []


# What answers it


def answer_lines(asking: Asking, showing: Showing) -> list[Text]:
    width, lang = showing.width, showing.lang
    verdict = verdict_lines(asking, showing)
    match asking.card.answer:
        case Choice():
            return option_lines(asking, showing)
        case TrueFalse(holds=holds):
            return verdict or [
                Text.assemble(" ", ((QuizWords.true if holds else QuizWords.false).say(lang), "bold")),
                Text(),
            ]
        case Numeric(parts=parts):
            values = " | ".join(number(right_value(part, asking.drawn.params)) for part in parts)
            return expected(asking, showing, Text(values))
        case PredictOutput(code=code, prints=prints):
            lines = [*verdict, *code_lines(code, width), Text()]
            if not asking.judged.right:
                lines += [Text(f" {QuizWords.expected.say(lang)}", "dim"), *code_lines(prints.rstrip(), width), Text()]
            return lines
        case SpotBug(lines=faulty, code=code, fix=fix) as answer:
            where = expected(asking, showing, Text(", ".join(map(str, faulty))))
            near = {line for each in faulty for line in range(each - NEAR, each + NEAR + 1)}
            only = near if is_long(answer) else None
            shown = code_lines(code, width, numbered=True, marked=frozenset(faulty), only=only)
            label = Text(f" {QuizWords.fixed.say(lang)}", "dim")
            return [*where, *shown, Text(), label, *changes(code, fix, width), Text()]
        case Flip(back=words):
            return prose(written(words, asking, showing), width)
        case Open(model_answer=model):
            return [
                Text(f" {QuizWords.model.say(lang)}", f"bold {ACCENT}"),
                *prose(written(model, asking, showing), width),
            ]


def expected(asking: Asking, showing: Showing, value: Text) -> list[Text]:
    verdict = verdict_lines(asking, showing)
    if asking.judged.right and not asking.judged.partly:
        return verdict
    label = (QuizWords.expected.say(showing.lang) + " ", "dim")
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
        case Open() | TrueFalse() | PredictOutput() | SpotBug() | Flip():
            pass
    return {mistake: ", ".join(answers) for mistake, answers in found.items()}
