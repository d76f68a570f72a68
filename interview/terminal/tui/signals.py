"""Signals as bytes in a pipe beside the keys: a review being written is never cut in two."""

from __future__ import annotations

import os
import signal
from types import FrameType
from typing import Any

from interview.errors import InterviewError


class Interrupted(BaseException):
    """A signal, or the end of the input: leave now. `code` is the exit code."""

    def __init__(self, code: int) -> None:
        self.code = code


class NotStartedError(InterviewError):
    """A program could not be started, and why."""


ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT)
NOTED = (*ENDING, signal.SIGTSTP, signal.SIGWINCH, signal.SIGCHLD)


class Bell:
    """`with Bell() as bell: select.select([bell], …); bell.heed()`; handlers and pipe are gone after it."""

    def __enter__(self) -> Bell:
        self._rung, self._rope = os.pipe()
        os.set_blocking(self._rung, False)
        os.set_blocking(self._rope, False)
        self._old_rope = signal.set_wakeup_fd(self._rope, warn_on_full_buffer=False)
        self._old: dict[signal.Signals, Any] = {each: signal.signal(each, noted) for each in NOTED}
        return self

    def __exit__(self, *_: object) -> None:
        for each, before in self._old.items():
            signal.signal(each, before)
        signal.set_wakeup_fd(self._old_rope)
        os.close(self._rung)
        os.close(self._rope)

    def fileno(self) -> int:
        return self._rung

    def heed(self) -> frozenset[int]:
        """The signals since the last time; Interrupted, if one of them says to end."""
        try:
            numbers = os.read(self._rung, 4096)
        except BlockingIOError:
            return frozenset()
        for number in numbers:
            if number in ENDING:
                raise Interrupted(128 + number)
        return frozenset(numbers)


def stop(group: int | None = None) -> None:
    """Stop as the shell expects it: us, or all of a group; we go on when it says so."""
    before = signal.signal(signal.SIGTSTP, signal.SIG_DFL)
    if group is None:
        os.kill(os.getpid(), signal.SIGTSTP)
    else:
        os.killpg(group, signal.SIGTSTP)
    signal.signal(signal.SIGTSTP, before)


def noted(number: int, frame: FrameType | None) -> None:
    """The signal's number is in the pipe."""
