"""The progress bar, for what takes over a second, on standard error, and only where someone watches; without escapes.

Drawn by hand: a live display of rich takes over standard output too, and with it every line that was meant for a file.
"""

from __future__ import annotations

import time
from contextlib import suppress
from types import TracebackType

from rich.cells import cell_len
from rich.console import Console

PATIENCE = 1.0
PAUSE = 0.1  # seconds between two pictures
BAR_WIDTH = 40


class Bar:
    """`bar(done, of)` after each step; nothing is shown in the first second. `clear()` before anything else is written:
    the terminal may be the same."""

    def __init__(self, console: Console, what: str) -> None:
        self._console = console
        self._what = what
        self._began = time.monotonic()
        self._drawn = 0.0  # when; 0 while there is nothing on the line
        self._cells = 0  # that are on the line
        self._watched = console.file.isatty() and not console.is_dumb_terminal

    def __enter__(self) -> Bar:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.clear()

    def __call__(self, done: int, of: int) -> None:
        now = time.monotonic()
        if now - self._began >= PATIENCE and now - self._drawn >= PAUSE:
            width = self._console.width - 1
            drawn = picture(self._what, done, of, seconds=now - self._began, width=width)
            cells = cell_len(drawn)
            self._write("\r" + drawn + " " * (self._cells - cells))
            self._drawn, self._cells = now, cells

    def clear(self) -> None:
        if self._drawn:
            self._write("\r" + " " * self._cells + "\r")
            self._drawn, self._cells = 0.0, 0

    def _write(self, text: str) -> None:
        """A terminal that has gone away ends the bar, not the work."""
        if not self._watched:
            return
        try:
            self._console.file.write(text)
            self._console.file.flush()
        except OSError:
            self._watched = False


class Sign:
    """A sentence on standard error while something is waited for, and gone when it is there; for who watches."""

    def __init__(self, console: Console, sentence: str) -> None:
        self._file = console.file
        self._sentence = sentence if console.file.isatty() and not console.is_dumb_terminal else ""

    def __enter__(self) -> None:
        self._write(self._sentence)

    def __exit__(self, *_: object) -> None:
        self._write("\r" + " " * cell_len(self._sentence) + "\r")

    def _write(self, text: str) -> None:
        if self._sentence:
            with suppress(OSError):
                self._file.write(text)
                self._file.flush()


def picture(what: str, done: int, of: int, *, seconds: float, width: int) -> str:
    """`dropout ━━━━━━━━━━━━━━━━━━━━──────────────────── 12/24 0:08`, the time that is left at its end."""
    left = round(seconds / done * (of - done)) if done else 0
    count = f" {done}/{of} {left // 60}:{left % 60:02}"
    room = max(0, min(BAR_WIDTH, width - cell_len(what) - 1 - len(count)))
    full = room * done // max(of, 1)
    return f"{what} {'━' * full}{'─' * (room - full)}{count}"[:width]
