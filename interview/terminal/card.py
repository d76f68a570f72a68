"""A card as lines of text: values in, Rich text out. Which lines, by the mode it is in."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from rich.cells import cell_len
from rich.text import Text

from interview.content.deck import Card, Choice, Numeric, Open, PredictOutput, Reference, SpotBug, TrueFalse
from interview.content.deck import Text as Words
from interview.content.expression import fill
from interview.drill.answers import lines_wanted, missed
from interview.record import Confidence, Rating
from interview.terminal.asking import Asking, Mode
from interview.terminal.code import code_lines
from interview.terminal.feet import foot
from interview.terminal.line import Line
from interview.terminal.prose import ACCENT, inline, prose
from interview.terminal.screen import View
from interview.terminal.words import HELP, say
from interview.terminal.wrap import wrap


@dataclass(frozen=True, slots=True)
class Showing:
    """What a screen needs beside the card. `days` are the next dates, known once the back is shown."""

    lang: str
    width: int
    position: tuple[int, int] = (1, 1)
    depth: int = 0
    cram: bool = False
    note: Words | None = None
    days: Mapping[Rating, int] = field(default_factory=dict)
    references: Mapping[str, Reference] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)  # what the cards that follow ask
    news: str = ""  # a sentence of the sitting: `Taken back: dropout/strongest-p`


def view(asking: Asking, showing: Showing) -> View:
    """The screen of a card in its mode."""
    from interview.terminal.back import back_lines, follow_lines

    body = head(asking, showing)
    match asking.mode:
        case Mode.HELP:
            return View([*body, *(Text(f" {line}") for line in HELP[showing.lang].split("\n"))], foot(asking, showing))
        case Mode.FOLLOW:
            return View([*body, *follow_lines(asking, showing)], foot(asking, showing))
        case Mode.FRONT:
            body += front_lines(asking, showing)
            return View([*body, *notices(asking, showing)], foot(asking, showing))
        case Mode.LINE:
            return line_view(asking, showing, body)
        case Mode.TICKS:
            body += question(asking, showing)
            start = len(body)
            body += ticks_lines(asking, showing)
            return View([*body, *notices(asking, showing)], foot(asking, showing), start=start)
        case Mode.BACK:
            body += question(asking, showing)
            start = len(body)
            body += back_lines(asking, showing)
            return View([*body, *notices(asking, showing)], foot(asking, showing), start=start)


def head(asking: Asking, showing: Showing) -> list[Text]:
    """Which card of how many; at the right, how sure the person said to be."""
    card, lang = asking.card, showing.lang
    n, total = showing.position
    parts = [say(lang, "card", n=n, total=total), say(lang, "level", level=card.level)]
    if showing.depth:
        parts.append(say(lang, "follow", depth=showing.depth))
    if showing.cram:
        parts.append(say(lang, "cram"))
    left = Text.assemble(" ", (card.deck, f"bold {ACCENT}"), (" · " + " · ".join(parts), "dim"))
    sure = dots(asking.confidence)
    gap = showing.width - cell_len(left.plain) - cell_len(sure) - 1
    if gap >= 2:
        left.append(" " * gap).append(sure, ACCENT if asking.confidence else "dim")
    return [*wrap(left, showing.width), Text()]


def dots(confidence: Confidence | None) -> str:
    full = {None: 0, Confidence.UNSURE: 1, Confidence.SO_SO: 2, Confidence.SURE: 3}[confidence]
    return " ".join("●" * full + "○" * (3 - full))


def written(words: Words, asking: Asking, showing: Showing) -> str:
    """The text in the person's language, its `{{…}}` filled with what was drawn."""
    return fill(words.say(showing.lang), asking.drawn.params)


def question(asking: Asking, showing: Showing) -> list[Text]:
    """What is asked, with its code; not the options."""
    card, width, lang = asking.card, showing.width, showing.lang
    lines = prose(written(card.ask, asking, showing), width) if card.ask else []
    match card.answer:
        case TrueFalse(statement=statement):
            if not card.ask:
                lines += [Text(" " + say(lang, "true_or_false"), "dim")]
            lines += [Text(), *prose(written(statement, asking, showing), width, indent="   ")]
        case PredictOutput(code=code):
            lines += [Text(), *code_lines(code, width)]
        case SpotBug(code=code, lines=faulty):
            marked = frozenset(faulty) if asking.mode is Mode.BACK or asking.ticks is not None else frozenset[int]()
            lines += [Text(), *code_lines(code, width, numbered=True, marked=marked)]
        case _:
            pass
    return [*lines, *note_lines(card, showing), Text()]


def note_lines(card: Card, showing: Showing) -> list[Text]:
    """The deck's note, under a card that uses one of the symbols it explains."""
    if showing.note is None:
        return []
    symbols = set(re.findall(r"\b[b-zB-HJ-Z]\b", showing.note.en))
    asked = " ".join(words.en for words in (card.ask, getattr(card.answer, "statement", None)) if words)
    if symbols and not symbols & set(re.findall(r"\b[a-zA-Z]\b", asked)):
        return []
    lines = prose(showing.note.say(showing.lang), showing.width)
    for line in lines:
        line.stylize("dim")
    return [Text(), *lines]


def front_lines(asking: Asking, showing: Showing) -> list[Text]:
    lines = question(asking, showing)
    match asking.card.answer:
        case Choice(many=many):
            lines += option_lines(asking, showing, many=many)
        case _:
            lines += typed_lines(asking, showing)
    return lines


def option_lines(asking: Asking, showing: Showing, *, many: bool) -> list[Text]:
    lines = [Text(" " + say(showing.lang, "several"), "dim"), Text()] if many else []
    for n, option in enumerate(asking.drawn.options, 1):
        box = ("[x] " if option.id in asking.picked else "[ ] ") if many else ""
        lines += wrap(inline(written(option.text, asking, showing)), showing.width, first=f" {n} {box}", rest="   ")
    return lines


def typed_lines(asking: Asking, showing: Showing) -> list[Text]:
    """The lines already given, each under the part that it answers."""
    lines: list[Text] = []
    for n, entry in enumerate(asking.entries):
        lines += [*part_lines(asking, showing, n), Text.assemble((" > ", "dim"), entry)]
    return lines


def part_lines(asking: Asking, showing: Showing, n: int) -> list[Text]:
    """What the nth line is asked for, where there are several."""
    answer = asking.card.answer
    if isinstance(answer, Numeric):
        part = answer.parts[n].ask
        return prose(written(part, asking, showing), showing.width) if part else []
    return []


def line_view(asking: Asking, showing: Showing, body: list[Text]) -> View:
    """The question, what was typed so far, and the open line with the cursor in it."""
    if asking.ticks is None:
        body += front_lines(asking, showing)
        body += part_lines(asking, showing, len(asking.entries))
        hints = hint_lines(asking, showing)
        body += [*hints, Text()] if hints else []
        if isinstance(asking.card.answer, PredictOutput) and lines_wanted(asking.card) > 1:
            wanted = say(showing.lang, "prints_lines", n=lines_wanted(asking.card))
            body += [Text(f" {wanted}", "dim")]
    else:
        body += [*question(asking, showing), *ticks_lines(asking, showing), Text()]
    at = len(body)
    rows, cursor = open_line(asking.line, showing.width)
    body += rows
    body += notices(asking, showing)
    return View(body, foot(asking, showing), cursor=(at + cursor[0], cursor[1]))


def open_line(line: Line, width: int) -> tuple[list[Text], tuple[int, int]]:
    """The line folded by cells, and where in it the cursor is."""
    room = max(4, width - 4)
    pieces: list[str] = [""]
    cursor = (0, 0)
    for n, each in enumerate([*line.text, ""]):
        if each and cell_len(pieces[-1]) + cell_len(each) > room:
            pieces.append("")
        if n == line.at:
            cursor = (len(pieces) - 1, cell_len(pieces[-1]))
        pieces[-1] += each
    rows = [Text.assemble((" > " if n == 0 else "   ", ACCENT), piece) for n, piece in enumerate(pieces)]
    return rows, (cursor[0], cursor[1] + 3)


def hint_lines(asking: Asking, showing: Showing) -> list[Text]:
    if not asking.hinted or asking.card.hint is None:
        return []
    lines = prose(f"**{say(showing.lang, 'hint')}** " + written(asking.card.hint, asking, showing), showing.width)
    return [Text(), *lines]


def notices(asking: Asking, showing: Showing) -> list[Text]:
    """The hint, and what there is to say about the last key."""
    lines = hint_lines(asking, showing) if asking.mode is Mode.FRONT else []
    said = say(showing.lang, asking.notice) if asking.notice else showing.news
    return [*lines, Text(), *wrap(Text(said, "yellow"), showing.width, first=" ", rest=" ")] if said else lines


def ticks_lines(asking: Asking, showing: Showing) -> list[Text]:
    """The rubric, to be ticked; what was typed above it, what it amounts to below."""
    lang, rubric = showing.lang, asking.card.rubric
    ticks = asking.ticks or frozenset()
    spoken = "aloud" if isinstance(asking.card.answer, Open) else "why"
    asked = say(lang, "ticked" if asking.why else spoken)
    lines = [*verdict_lines(asking, showing), *wrap(Text(asked, "dim"), showing.width, first=" ", rest=" "), Text()]
    if asking.why and asking.mode is not Mode.LINE:
        label = Text.assemble((say(lang, "your_words") + say(lang, "colon"), "dim"), asking.why)
        lines = [*wrap(label, showing.width, first=" ", rest=" "), Text(), *lines]
    for n in range(len(rubric)):
        lines += point_lines(asking, showing, n, mark=f"{n + 1} [{'x' if n in ticks else ' '}]", ticked=n in ticks)
    if not asking.answered:
        return [*lines, Text(), Text(" " + say(lang, "summary_none"), "dim")]
    key = "summary_must" if missed(rubric, ticks) else "summary_all"
    count = say(lang, key, n=len(ticks), total=len(rubric))
    rating = say(lang, f"rating_{int(asking.proposed)}")
    return [*lines, Text(), Text.assemble(f" {count} → ", (rating, "bold"))]


def point_lines(asking: Asking, showing: Showing, n: int, *, mark: str, ticked: bool = False) -> list[Text]:
    """One point: ticked or not, and whether it matters; one that matters and was missed stands out."""
    point = asking.card.rubric[n]
    words = inline(written(point.text, asking, showing))
    if point.must:
        bad = not ticked and asking.answered
        words = Text.assemble(words, "   ", (say(showing.lang, "must"), "bold red" if bad else "dim"))
    return wrap(words, showing.width, first=f" {mark} ", rest=" " * (len(mark) + 2))


def verdict_lines(asking: Asking, showing: Showing) -> list[Text]:
    """`✓ 2.25        you were sure: right`; nothing where nothing was judged."""
    judged = asking.judged
    if judged.right is None:
        return []
    mark = ("✓", "bold green") if judged.right else ("✗", "bold red")
    text = Text.assemble(" ", mark, " ", given(asking, showing))
    said = calibration(asking, showing)
    gap = showing.width - cell_len(text.plain) - cell_len(said) - 1
    if said and gap >= 2:
        text.append(" " * gap).append(said, "dim")
    return [*wrap(text, showing.width, rest="   "), Text()]


def calibration(asking: Asking, showing: Showing) -> str:
    """`you were sure: wrong`; nothing where there is nothing to learn from it."""
    match asking.confidence, asking.judged.right:
        case Confidence.SURE, bool() as right:
            return say(showing.lang, "sure_right" if right else "sure_wrong")
        case Confidence.UNSURE, True:
            return say(showing.lang, "unsure_right")
        case _:
            return ""


def given(asking: Asking, showing: Showing) -> Text:
    """The answer in the person's own terms."""
    match asking.card.answer:
        case Choice():
            chosen = [option for option in asking.drawn.options if option.id in asking.picked]
            return Text("; ").join(inline(written(option.text, asking, showing)) for option in chosen)
        case TrueFalse():
            return Text(say(showing.lang, "true" if asking.judged.given == "yes" else "false"))
        case _:
            return Text(asking.judged.given or "")
