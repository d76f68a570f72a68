"""A bar for what takes over a second, on standard error, and only where someone watches."""

from __future__ import annotations

import time
from types import TracebackType
from typing import TYPE_CHECKING

from rich.console import Console

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

PATIENCE = 1.0


class Bar:
    """`bar(done, of)` after each step; nothing is shown, or imported, in the first second."""

    def __init__(self, console: Console, what: str) -> None:
        self._console = console
        self._what = what
        self._began = time.monotonic()
        self._bar: tuple[Progress, TaskID] | None = None

    def __enter__(self) -> Bar:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self._bar:
            self._bar[0].stop()

    def __call__(self, done: int, of: int) -> None:
        if not self._console.is_terminal or time.monotonic() - self._began < PATIENCE:
            return
        if self._bar is None:
            self._bar = self._begin()
        self._bar[0].update(self._bar[1], completed=done, total=of)

    def _begin(self) -> tuple[Progress, TaskID]:
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        progress = Progress(*columns, console=self._console, transient=True)
        progress.start()
        return progress, progress.add_task(self._what)
