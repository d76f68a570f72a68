"""Lines of text onto a terminal: one write a screen, no flicker, the keys always on its last line."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from rich.cells import cell_len
from rich.color import ColorSystem
from rich.style import Style
from rich.text import Text

from interview.printable import printable_line
from interview.terminal.keys import put


@dataclass(frozen=True, slots=True)
class View:
    """A screen's lines. `cursor` is a line of the body and a cell of it; without one, it rests on the last line.

    When not all of the body fits, it begins at `start`, below the `pinned` lines. `news` and `foot` are always seen.
    """

    body: Sequence[Text]
    foot: Sequence[Text] = ()
    news: Sequence[Text] = ()
    pinned: Sequence[Text] = ()
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


def frame(view: View, columns: int, rows: int, top: int, *, follow: bool = True) -> Frame:
    """The view scrolled to `top`; with `follow`, to where its cursor is seen. The row above the keys is the news'."""
    foot = view.foot[: max(1, rows - 2)]
    news = view.news[: max(1, rows - len(foot) - 1)]
    room = max(1, rows - len(foot) - max(1, len(news)))
    pinned = view.pinned if room > 2 * len(view.pinned) else ()
    overflow = max(0, len(view.body) - room)
    top = max(0, min(overflow, view.start - len(pinned) if top == FRESH else top))
    if view.cursor and follow and view.cursor[0] not in in_sight(top, room, len(pinned)):
        top = max(0, min(overflow, view.cursor[0] - room + 1))
    shown = [*view.body[top : top + room]]
    if top:
        shown[: len(pinned)] = pinned
    marks = ("↑" if top else " ") + ("↓" if top < overflow else " ")
    status = news[-1] if news else Text()
    if marks.strip():
        status = Text.assemble(status, " " * max(0, columns - 3 - cell_len(status.plain)), (marks, "dim"))
    lines = [*shown, *[Text()] * (room - len(shown)), *news[:-1], status, *foot][-rows:]
    if view.cursor and view.cursor[0] in in_sight(top, room, len(pinned)):
        return Frame(lines, (view.cursor[0] - top, min(columns - 1, view.cursor[1])), top, overflow)
    return Frame(lines, (len(lines) - 1, min(columns - 1, cell_len(lines[-1].plain))), top, overflow)


def in_sight(top: int, room: int, pinned: int) -> range:
    """The lines of the body that are seen: once scrolled, the first rows are the pinned ones."""
    return range(top + pinned if top else 0, top + room)


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

    def paint(self, view: View, *, follow: bool = True) -> None:
        columns, rows = self.size()
        made = frame(view, columns, rows, self.top, follow=follow)
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
