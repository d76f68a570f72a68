"""The view: the head of a card, and the line that is typed."""

from __future__ import annotations

from pathlib import Path

import pytest
from rich.cells import cell_len

from interview.content.cards.deck_file import load_deck
from interview.drill.draw import draw
from interview.drill.session import Left
from interview.log.record import Confidence
from interview.terminal.quiz.context import Showing
from interview.terminal.quiz.model import Asking, Mode, ask
from interview.terminal.quiz.view import dots, head, open_line, view
from interview.terminal.tui.line import Line

SAMPLE = load_deck(Path(__file__).parents[1] / "fixtures" / "drill" / "questions" / "sample.yaml").cards
PEAK = ask(SAMPLE[0], draw(SAMPLE[0], 1))


@pytest.mark.parametrize(
    ("width", "shown"),
    [
        (80, " sample · 7 new · 1 again · 2 due · level 3                          4 min   ○ ○ ○"),
        (56, " sample · 7 new · 1 again · 2 due           4 min   ○ ○ ○"),
        (36, " sample · 7 + 1 + 2    4 min   ○ ○ ○"),
        (28, " sample · 7 + 1 + 2  ○ ○ ○"),
    ],
)
def test_the_head_is_one_line_as_long_as_it_can_be(width: int, shown: str) -> None:
    """The level, then the words of the counter, then the time are left out for it."""
    lines = head(PEAK, Showing("en", width, Left(7, 1, 2), time="4 min"))
    assert [line.plain.split() for line in lines] == [shown.split(), []]
    assert cell_len(lines[0].plain) <= width


def test_dots_count_confidence() -> None:
    """None until one is said, then one to three."""
    assert [dots(each).count("●") for each in (None, *Confidence)] == [0, 1, 2, 3]


@pytest.mark.parametrize(
    ("text", "at", "rows", "cursor"),
    [
        ("", 0, [" > "], (0, 3)),
        ("2.25", 4, [" > 2.25"], (0, 7)),
        ("2.25", 1, [" > 2.25"], (0, 4)),
        ("abcdefghij", 10, [" > abcdefgh", "   ij"], (1, 5)),
        ("abcdefghij", 8, [" > abcdefgh", "   ij"], (1, 3)),
        ("均值均值均", 5, [" > 均值均值", "   均"], (1, 5)),
        ("均值均值均", 1, [" > 均值均值", "   均"], (0, 5)),
    ],
)
def test_the_cursor_stands_where_one_types(text: str, at: int, rows: list[str], cursor: tuple[int, int]) -> None:
    """A line of twelve cells holds eight of text; a wide character is two cells."""
    lines, where = open_line(Line(text, at), 12)
    assert ([line.plain for line in lines], where) == (rows, cursor)


@pytest.mark.parametrize("mode", [Mode.FRONT, Mode.TICKS, Mode.BACK, Mode.LINE, Mode.HELP])
def test_every_mode_has_its_keys_below_and_a_cursor_where_one_types(mode: Mode) -> None:
    """HELP pins nothing: there is no question above what it scrolls."""
    shown = view(Asking(PEAK.card, PEAK.drawn, mode=mode), Showing("en", 60))
    assert shown.foot
    assert (shown.cursor is not None) == (mode is Mode.LINE)
    assert bool(shown.pinned) == (mode is not Mode.HELP)
