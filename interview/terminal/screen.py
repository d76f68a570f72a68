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

from interview.terminal.keys import put


@dataclass(frozen=True, slots=True)
class View:
    """A screen's lines. `cursor` is a line of the body and a cell of it; without one, it rests on the last line.

    `start` is the line to begin at when not all of them fit.
    """

    body: Sequence[Text]
    foot: Sequence[Text] = ()
    cursor: tuple[int, int] | None = None
    start: int = 0


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
        width, rows = self.size()
        room = max(1, rows - len(view.foot) - 1)
        self.overflow = max(0, len(view.body) - room)
        self.top = min(self.top, self.overflow)
        if view.cursor and not self.top <= view.cursor[0] < self.top + room:
            self.top = min(self.overflow, max(0, view.cursor[0] - room + 1))
        shown = list(view.body[self.top : self.top + room])
        blank = rows - len(shown) - len(view.foot)
        below = [Text()] * max(0, blank - 1) + [self._more(width)] if blank > 0 else []
        lines = [*shown, *below, *view.foot][-rows:]
        painted = "\r\n".join(f"{ansi(line, color=self.color)}\x1b[K" for line in lines)
        put(self.target, f"\x1b[?25l\x1b[H{painted}\x1b[J{self._park(view, lines, width)}\x1b[?25h")

    def _more(self, width: int) -> Text:
        """At the right, above the keys: which way there is more of a card that does not fit."""
        marks = ("↑" if self.top else " ") + ("↓" if self.top < self.overflow else " ")
        return Text(" " * max(0, width - 3) + marks, "dim") if marks.strip() else Text()

    def _park(self, view: View, lines: Sequence[Text], width: int) -> str:
        if view.cursor:
            return f"\x1b[{view.cursor[0] - self.top + 1};{min(width, view.cursor[1] + 1)}H"
        last = cell_len(lines[-1].plain) if lines else 0
        return f"\x1b[{len(lines)};{min(width, last + 1)}H"


def ansi(text: Text, *, color: bool) -> str:
    """The text with its styles; what could move the cursor is made visible. rich.console is 20 ms away."""
    plain = "".join(
        each if each >= " " and each != "\x7f" and not "\x80" <= each < "\xa0" else "\ufffd" for each in text.plain
    )
    plain = plain.replace("\u00a0", " ")
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
