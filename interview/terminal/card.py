"""A card as lines of text: values in, Rich text out. Which lines, by the mode it is in."""

from __future__ import annotations

from rich.cells import cell_len
from rich.text import Text

from interview.content.deck import Choice, Numeric, PredictOutput
from interview.drill.answers import lines_wanted
from interview.record import Confidence
from interview.terminal.asking import Asking, Mode
from interview.terminal.feet import foot
from interview.terminal.line import Line
from interview.terminal.prose import ACCENT, inline, prose
from interview.terminal.question import question
from interview.terminal.screen import View
from interview.terminal.showing import Showing, written
from interview.terminal.ticks import ticks_lines
from interview.terminal.words import HELP, say
from interview.terminal.wrap import wrap


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
