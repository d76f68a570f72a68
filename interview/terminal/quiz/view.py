"""The view: a card as lines of text, values in, Rich text out. Which lines, by the mode it is in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.cells import cell_len
from rich.text import Text

from interview.drill.answers import Way, way
from interview.log.record import Confidence
from interview.terminal.quiz.context import Showing, written
from interview.terminal.quiz.key_hints import foot
from interview.terminal.quiz.kinds import asked, prompt_lines, question
from interview.terminal.quiz.model import Asking, Mode
from interview.terminal.quiz.summary import left_words
from interview.terminal.quiz.ticks import ticks_lines
from interview.terminal.text.code import pieces
from interview.terminal.text.prose import ACCENT, inline, prose
from interview.terminal.text.words import HELP, QuizWords
from interview.terminal.text.wrap import wrap
from interview.terminal.tui.line import Line
from interview.terminal.tui.screen import MARKS, View

KINDS = ("new", "again", "due")


def view(asking: Asking, showing: Showing) -> View:
    """The screen of a card in its mode."""
    from interview.terminal.quiz.back import back_lines, follow_lines

    body = [*head(asking, showing), *own_lines(asking, showing)]
    line: list[Text] = []
    cursor: tuple[int, int] | None = None
    start = 0
    match asking.mode:
        case Mode.HELP:
            body = help_lines(showing.lang, showing.width)
        case Mode.FOLLOW:
            body += follow_lines(asking, showing)
        case Mode.FRONT:
            body += [*front_lines(asking, showing), *hint_lines(asking, showing)]
        case Mode.LINE:
            if asking.ticks is None:
                body += front_lines(asking, showing)
            else:
                body += question(asking, showing)
                start = len(body) - 1
                body += ticks_lines(asking, showing)
            line, cursor = typed_line(asking, showing)
        case Mode.TICKS:
            body += question(asking, showing)
            start = len(body) - 1
            body += ticks_lines(asking, showing)
        case Mode.BACK:
            body += question(asking, showing)
            start = len(body) - 1
            body += back_lines(asking, showing)
    pinned = pinned_lines(asking, showing) if asking.mode is not Mode.HELP else ()
    return View(body, foot(asking, showing), news_lines(asking, showing), pinned, line, cursor, start)


def pinned_lines(asking: Asking, showing: Showing) -> Sequence[Text]:
    """The head, and of what is asked one line: seen above all that is scrolled."""
    asked_in = inline(asked(asking.card, showing.lang, asking.drawn.params))
    line = Text.assemble(" ", Text(asked_in.plain, "dim"))
    line.truncate(showing.width - 1, overflow="ellipsis")
    return [head(asking, showing)[0], line] if asked_in.plain else [head(asking, showing)[0]]


def help_lines(lang: str, width: int) -> list[Text]:
    """Every key, and beside it what it does, folded."""
    rows = [(key.say(lang), text.say(lang)) for key, text in HELP]
    column = max(cell_len(key) for key, _ in rows)
    lines: list[Text] = []
    for key, text in rows:
        lead = f" {key}{' ' * (column - cell_len(key))}  "
        folded = wrap(Text(text), width, first=lead, rest=" " * cell_len(lead))
        folded[0].stylize(ACCENT, 0, len(lead))
        lines += folded
    return lines


def head(asking: Asking, showing: Showing) -> list[Text]:
    """The deck and what is left; at the right, the time so far and how sure the person said to be.

    One line where that can be had: the level, then the words of the counter, then the time are left out for it.
    """
    card, lang = asking.card, showing.lang
    level = [QuizWords.level.say(lang, level=card.level)] if card.level else []
    counts = left_words(showing.left, lang, cram=showing.cram)
    numbers = " + ".join(map(str, (showing.left.new, showing.left.again, showing.left.due)))
    marks = [QuizWords.follow.say(lang, depth=showing.depth)] if showing.depth else []
    marks += [QuizWords.cram.say(lang)] if showing.cram else []
    sure = dots(asking.confidence)
    timed = f"{showing.time}   " if showing.time else ""
    for parts, time in (((counts, *level), timed), ((counts,), timed), ((numbers,), timed), ((numbers,), "")):
        said = " · ".join((*parts, *marks))
        left = Text.assemble(" ", (card.deck, f"bold {ACCENT}"), (f" · {said}", "dim"))
        own = left_words(showing.left, lang, cram=showing.cram).split(" · ")[KINDS.index(showing.kind)]
        left.highlight_words([own], "bold not dim")
        gap = showing.width - cell_len(left.plain) - cell_len(time + sure) - 1
        if gap >= 2:
            left.append(" " * gap + time, "dim").append(sure, ACCENT if asking.confidence else "dim")
            return [left, Text()]
    return [*wrap(left.append(f"   {sure}"), showing.width, rest=" "), Text()]


def dots(confidence: Confidence | None) -> str:
    full = {None: 0, Confidence.UNSURE: 1, Confidence.SO_SO: 2, Confidence.SURE: 3}[confidence]
    return " ".join("●" * full + "○" * (3 - full))


def front_lines(asking: Asking, showing: Showing) -> list[Text]:
    lines = [*why_lines(showing), *question(asking, showing)]
    return [*lines, *option_lines(asking, showing), *typed_lines(asking, showing)]


def own_lines(asking: Asking, showing: Showing) -> list[Text]:
    """What the person wrote on the card: the flag on both sides, the note with the answer."""
    said = [f"⚑ {showing.flag}"] if showing.flag else []
    said += [f"✎ {showing.own_note}"] if showing.own_note and asking.revealed else []
    lines = [row for each in said for row in wrap(Text(each, "yellow"), showing.width, first=" ", rest="   ")]
    return [*lines, Text()] if lines else []


def why_lines(showing: Showing) -> list[Text]:
    if not showing.why:
        return []
    return [*wrap(Text(showing.why, "dim italic"), showing.width, first=" ", rest=" "), Text()]


def option_lines(asking: Asking, showing: Showing) -> list[Text]:
    many = way(asking.card) is Way.SEVERAL
    lines = [Text(" " + QuizWords.several.say(showing.lang), "dim"), Text()] if many else []
    for n, option in enumerate(asking.drawn.options, 1):
        box = ("[x] " if option.id in asking.picked else "[ ] ") if many else ""
        lead = f" {n} {box}"
        lines += wrap(inline(written(option.text, asking, showing)), showing.width, first=lead, rest=" " * len(lead))
    return lines


def typed_lines(asking: Asking, showing: Showing) -> list[Text]:
    """The lines already given, each under the part that it answers."""
    lines: list[Text] = []
    for n, entry in enumerate(asking.entries):
        lines += prompt_lines(asking, showing, n)
        lines += [Text.assemble((lead, "dim"), piece) for lead, piece in leads(pieces(Text(entry), showing.width - 4))]
    return lines


def typed_line(asking: Asking, showing: Showing) -> tuple[list[Text], tuple[int, int]]:
    """What is asked for now, with the hint if there is one, and the open line; where its cursor is."""
    above: list[Text] = []
    if asking.ticks is None:
        hints = hint_lines(asking, showing)[1:]
        above += [*hints, Text()] if hints else []
        above += prompt_lines(asking, showing, len(asking.entries), opened=True)
    else:
        above.append(Text())
    rows, (row, cell) = open_line(asking.line, showing.width)
    return [*above, *rows], (len(above) + row, cell)


def open_line(line: Line, width: int) -> tuple[list[Text], tuple[int, int]]:
    """The line folded by cells, and where in it the cursor is."""
    room = max(4, width - 4)
    folded = pieces(Text(line.text), room)
    row, left = 0, line.at
    while row < len(folded) - 1 and left >= len(folded[row]):
        left -= len(folded[row])
        row += 1
    cell = cell_len(folded[row].plain[:left])
    rows = [Text.assemble((lead, ACCENT), piece) for lead, piece in leads(folded)]
    return rows, (row, cell + 3)


def leads(folded: Sequence[Text]) -> Iterator[tuple[str, Text]]:
    """Before the first piece of a typed line its mark, before the others as much room."""
    for n, piece in enumerate(folded):
        yield " > " if n == 0 else "   ", piece


def hint_lines(asking: Asking, showing: Showing) -> list[Text]:
    if not asking.hinted or asking.card.hint is None:
        return []
    lines = prose(
        f"**{QuizWords.hint.say(showing.lang)}** " + written(asking.card.hint, asking, showing), showing.width
    )
    return [Text(), *lines]


def news_lines(asking: Asking, showing: Showing) -> list[Text]:
    """What there is to say about the last key, beside the marks that tell of more above and below."""
    said = asking.notice.say(showing.lang) if asking.notice else showing.news
    return wrap(Text(said, "yellow"), showing.width - MARKS, first=" ", rest=" ") if said else []
