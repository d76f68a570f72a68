"""The console: rich's, which obeys nothing in what it is given to show."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from typing import Any

from rich.console import Console
from rich.segment import Segment

from interview.cli.output import bare
from interview.printable import printable

NARROW, WIDE = 20, 500  # columns: a COLUMNS beyond them was never meant


class PlainSpoken(Console):
    """Styles are rich's, text is text: each segment is printable before it is laid out."""

    def render(self, *args: Any, **kwargs: Any) -> Iterable[Segment]:
        for segment in super().render(*args, **kwargs):
            shown = segment.text if segment.control else printable(segment.text)
            yield segment if shown == segment.text else Segment(shown, segment.style)

    def on_broken_pipe(self) -> None:
        raise  # noqa: PLE0704  (called while it is handled; the command line's edge knows what to do)


def open_console(*, err: bool, color: bool) -> Console:
    columns, rows = size()
    return PlainSpoken(
        file=bare(sys.stderr if err else sys.stdout),
        width=columns,
        height=rows,
        no_color=not color,
        color_system="auto" if color else None,  # without one, bold is not written either
        highlight=False,
        markup=False,
        emoji=False,
    )


def size() -> tuple[int, int]:
    """Columns and rows: COLUMNS and LINES where they are numbers, else the terminal's, else 80 by 24."""
    columns, rows = (number(os.environ.get(name, "")) for name in ("COLUMNS", "LINES"))
    for descriptor in (0, 2, 1):
        if columns and rows:
            break
        try:
            found = os.get_terminal_size(descriptor)
        except OSError:
            continue
        columns, rows = columns or found.columns, rows or found.lines
    return min(WIDE, max(NARROW, columns or 80)), rows or 24


def number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 6 else 0
