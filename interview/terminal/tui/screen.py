"""The screen: lines of text onto a terminal, one write a screen, no flicker, the keys always on its last line."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import field
from itertools import pairwise

from rich.cells import cell_len
from rich.color import ColorSystem
from rich.style import Style
from rich.text import Text

from interview.dataclass import dataclass
from interview.printable import printable_line
from interview.terminal.tui.keys import put


@dataclass(frozen=True, slots=True)
class View:
    """A screen's lines. `line` is being typed, `cursor` a row of it and a cell; without it, it rests on the last row.

    When not all of the body fits, it begins at `start`, below the `pinned` lines. `line`, `news` and `foot` are always
    seen.
    """

    body: Sequence[Text]
    foot: Sequence[Text] = ()
    news: Sequence[Text] = ()
    pinned: Sequence[Text] = ()
    line: Sequence[Text] = ()
    cursor: tuple[int, int] | None = None
    start: int = 0


@dataclass(frozen=True, slots=True)
class Frame:
    """What a view is on a terminal of some size: exactly its rows, and where the cursor is (from 0)."""

    lines: Sequence[Text]
    cursor: tuple[int, int]
    top: int
    overflow: int


MARKS = 4  # cells at the right of the last news, for the marks that tell of more
FRESH = -1  # a `top`: where the view wants to begin
END = 1 << 30  # a `top`: where the last line is seen


def frame(view: View, columns: int, rows: int, top: int) -> Frame:
    """The view scrolled to `top`: below what is seen of the body the line, then a row for the news, then the keys."""
    foot = view.foot[: max(1, rows - 2)]
    news = view.news[: max(1, rows - len(foot) - 1)]
    room = max(1, rows - len(foot) - max(1, len(news)))
    line, row = around(view.line, view.cursor[0] if view.cursor else 0, max(1, room // 2))
    for_body = max(1, room - len(line))
    pinned = view.pinned if for_body > 2 * len(view.pinned) else ()
    overflow = max(0, len(view.body) - for_body)
    top = max(0, min(overflow, view.start - len(pinned) if top == FRESH else top))
    shown = [*view.body[top : top + for_body]]
    if top:
        shown[: len(pinned)] = pinned
    marks = ("↑" if top else " ") + ("↓" if top < overflow else " ")
    status = news[-1] if news else Text()
    if marks.strip():
        status = Text.assemble(status, " " * max(0, columns - 3 - cell_len(status.plain)), (marks, "dim"))
    upper = [*shown, *line]
    whole = [*upper, *[Text()] * (room - len(upper)), *news[:-1], status, *foot]
    cut = max(0, len(whole) - rows)  # a terminal of a few rows keeps the last
    lines = whole[cut:]
    at, cell = (len(shown) + row - cut, view.cursor[1]) if view.cursor else (len(lines) - 1, cell_len(lines[-1].plain))
    return Frame(lines, (max(0, at), min(columns - 1, cell)), top, overflow)


def around(line: Sequence[Text], row: int, room: int) -> tuple[Sequence[Text], int]:
    """No more rows of the line than there is room for, that of the cursor among them; where it is in them."""
    first = max(0, row - room + 1)
    return line[first : first + room], row - first


@dataclass(slots=True)
class Screen:
    """Where views are painted. `top` is how far a long one is scrolled."""

    target: int
    color: bool
    top: int = 0
    overflow: int = field(default=0, init=False)

    def size(self) -> tuple[int, int]:
        """Columns and rows."""
        try:
            columns, rows = os.get_terminal_size(self.target)
        except OSError:
            return 80, 24
        return columns or 80, rows or 24

    def scroll(self, by: int) -> None:
        self.top = max(0, min(self.overflow, self.top + by))

    def paint(self, view: View) -> None:
        columns, rows = self.size()
        made = frame(view, columns, rows, self.top)
        self.top, self.overflow = made.top, made.overflow
        painted = "\r\n".join(f"{ansi(cropped(line, columns), color=self.color)}\x1b[K" for line in made.lines)
        row, column = made.cursor
        put(self.target, f"\x1b[?25l\x1b[H{painted}\x1b[J\x1b[{row + 1};{column + 1}H\x1b[?25h")


def cropped(line: Text, columns: int) -> Text:
    """A line folds where it is made; what is too wide nevertheless (below 40 columns) must not push the others down."""
    if cell_len(line.plain) > columns:
        line = line.copy()
        line.truncate(columns)
    return line


def ansi(text: Text, *, color: bool) -> str:
    """The text with its styles, printable. rich.console is 20 ms away."""
    plain = printable_line(text.plain).replace("\u00a0", " ")
    marks = sorted(
        {0, len(plain), *(at for span in text.spans for at in (span.start, span.end) if 0 <= at <= len(plain))}
    )
    system = ColorSystem.STANDARD if color else None
    painted = ""
    for start, end in pairwise(marks):
        styles = [parse(span.style) for span in text.spans if span.start <= start and end <= span.end]
        base = [parse(text.style)] if text.style else []
        style = Style.combine([*base, *styles]) if base or styles else None
        painted += style.render(plain[start:end], color_system=system) if style and system else plain[start:end]
    return painted.replace("\u2060", "")


def parse(style: str | Style) -> Style:
    return Style.parse(style) if isinstance(style, str) else style
