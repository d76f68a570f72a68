"""Single keys from a terminal that is always put back as it was.

Signals are noted by handlers that do nothing and are read from a pipe beside the keys: a review being written is never
cut in two. SIGINT, SIGTERM and SIGHUP end the sitting between two keys, SIGTSTP stops it with the terminal restored,
SIGWINCH and coming back ask for a redraw. Against SIGKILL there is a guardian: a forked child that only waits for our
end and then restores the terminal.
"""

from __future__ import annotations

import os
import select
import signal
import sys
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType, TracebackType
from typing import Any

from interview.terminal.decode import Press, decode

ENTER = "\x1b[?1049h\x1b[?2004h\x1b[H\x1b[2J"  # the other screen, pastes marked as such
LEAVE = "\x1b[?2004l\x1b[?25h\x1b[0m\x1b[?1049l"
REDRAW = "redraw"  # no key: the window changed, or we came back
ESC_WAIT = 0.03  # seconds in which the rest of an escape sequence arrives


class Interrupted(BaseException):
    """A signal, or the end of the terminal: leave now. `code` is the exit code."""

    def __init__(self, code: int) -> None:
        self.code = code


if sys.platform == "win32":
    import msvcrt

    SPECIAL = {"H": "up", "P": "down", "K": "left", "M": "right", "G": "home", "O": "end", "S": "delete"}
    NAMED = {"\r": "enter", "\n": "enter", "\x1b": "esc", "\x08": "backspace", "\t": "tab", " ": "space"}

    class Keyboard:
        """The console's keys. Untested: no Windows machine was at hand."""

        def __init__(self, source: int = 0, target: int = 1) -> None:
            self.source, self.target = source, target

        def __enter__(self) -> Keyboard:
            os.write(self.target, ENTER.encode())
            return self

        def __exit__(self, *_: object) -> None:
            os.write(self.target, LEAVE.encode())

        def watch(self) -> None:
            pass

        @contextmanager
        def paused(self) -> Iterator[None]:
            self.__exit__()
            try:
                yield
            finally:
                self.__enter__()

        def poll(self, seconds: float) -> Press | None:
            end = time.monotonic() + seconds
            while not msvcrt.kbhit():
                if time.monotonic() > end:
                    return None
                time.sleep(0.01)
            return self.read()

        def read(self) -> Press:
            key = msvcrt.getwch()
            if key == "\x03":
                raise Interrupted(130)
            if key in ("\x00", "\xe0"):
                return SPECIAL.get(msvcrt.getwch(), "unknown")
            return NAMED.get(key) or (f"ctrl-{chr(ord(key) + 0x60)}" if key < " " else key)

else:
    import termios

    ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT)
    NOTED = (*ENDING, signal.SIGTSTP, signal.SIGWINCH)

    class Keyboard:
        """`with Keyboard() as keyboard: keyboard.read()`; on the way out, whatever the reason, all is as before."""

        def __init__(self, source: int = 0, target: int = 1) -> None:
            self.source, self.target = source, target
            self._waiting: deque[Press] = deque()
            self._data = b""
            self._guardian: tuple[int, int] | None = None  # its id, and where it is told that all is well

        def __enter__(self) -> Keyboard:
            with as_os_errors():
                self._modes = termios.tcgetattr(self.source)
            self._bell, self._wake = os.pipe()
            os.set_blocking(self._bell, False)
            os.set_blocking(self._wake, False)
            self._old_wake = signal.set_wakeup_fd(self._wake, warn_on_full_buffer=False)
            self._old: dict[signal.Signals, Any] = {each: signal.signal(each, noted) for each in NOTED}
            self._open()
            return self

        def __exit__(self, kind: type[BaseException] | None, _: object, __: TracebackType | None) -> None:
            self._close()
            for each, before in self._old.items():
                signal.signal(each, before)
            signal.set_wakeup_fd(self._old_wake)
            os.close(self._bell)
            os.close(self._wake)
            if self._guardian is not None:
                child, telling = self._guardian
                quietly(lambda: os.write(telling, b"."))
                os.close(telling)
                quietly(lambda: os.waitpid(child, 0))

        def watch(self) -> None:
            """Start the guardian; after the first paint, for it takes a millisecond or two."""
            self._guardian = guard(self.source, self.target, self._modes)

        def _open(self) -> None:
            with as_os_errors():
                termios.tcsetattr(self.source, termios.TCSANOW, cbreak(self._modes))
            put(self.target, ENTER)

        def _close(self) -> None:
            """As it was; a terminal that is gone needs nothing."""
            quietly(lambda: put(self.target, LEAVE))
            quietly(lambda: termios.tcsetattr(self.source, termios.TCSADRAIN, self._modes))

        @contextmanager
        def paused(self) -> Iterator[None]:
            """The terminal as it was, for an editor or another command; Ctrl-C there is theirs, the end is ours too."""
            self._close()
            try:
                yield
            finally:
                meanwhile = self._drain()
                self._open()
                self._heed(bytes(each for each in meanwhile if each in (signal.SIGTERM, signal.SIGHUP)))

        def read(self) -> Press:
            """The next key, paste, or `REDRAW`; Interrupted when it is time to leave."""
            while not self._waiting:
                self._fill()
            return self._waiting.popleft()

        def poll(self, seconds: float) -> Press | None:
            """The next press, or None when none comes in time."""
            if not self._waiting:
                self._fill(seconds)
            return self._waiting.popleft() if self._waiting else None

        def _fill(self, seconds: float | None = None) -> None:
            wait = ESC_WAIT if self._data else seconds
            ready, _, _ = select.select([self.source, self._bell], [], [], wait)
            if self._bell in ready:
                self._heed(self._drain())
            if self.source in ready:
                try:
                    data = os.read(self.source, 65536)
                except OSError:
                    data = b""
                if not data:
                    raise Interrupted(128 + signal.SIGHUP)  # the terminal was closed
                self._data += data
            if self._data:
                found, self._data = decode(self._data, complete=not ready)
                self._waiting.extend(found)

        def _drain(self) -> bytes:
            try:
                return os.read(self._bell, 4096)
            except BlockingIOError:
                return b""

        def _heed(self, signals: bytes) -> None:
            for number in signals:
                if number in ENDING:
                    raise Interrupted(128 + number)
                if number == signal.SIGTSTP:
                    self._stop()
                if number in (signal.SIGTSTP, signal.SIGWINCH):
                    self._waiting.append(REDRAW)

        def _stop(self) -> None:
            """Ctrl-Z: restore, stop as the shell expects, and take the terminal again when we go on."""
            self._close()
            signal.signal(signal.SIGTSTP, signal.SIG_DFL)
            os.kill(os.getpid(), signal.SIGTSTP)
            signal.signal(signal.SIGTSTP, noted)
            self._open()

    @contextmanager
    def as_os_errors() -> Iterator[None]:
        """A terminal that is gone, like any other file."""
        try:
            yield
        except termios.error as error:
            raise OSError(*error.args) from None

    def cbreak(modes: list[Any]) -> list[Any]:
        """Keys at once and unseen; Ctrl-C and Ctrl-Z stay signals, Enter arrives as a newline."""
        characters = list(modes[6])
        characters[termios.VMIN], characters[termios.VTIME] = 1, 0
        keys_at_once = modes[3] & ~(termios.ICANON | termios.ECHO)
        return [modes[0] | termios.ICRNL, *modes[1:3], keys_at_once, *modes[4:6], characters]

    def guard(source: int, target: int, modes: list[Any]) -> tuple[int, int]:
        """A child that outlives us by an instant: unless told that all is well, it restores the terminal."""
        listening, telling = os.pipe()
        child = os.fork()
        if child:
            os.close(listening)
            return child, telling
        try:
            os.setsid()
            for each in range(256):
                if each not in (listening, source, target):
                    quietly(lambda each=each: os.close(each))  # type: ignore[misc]
            if not os.read(listening, 1):
                termios.tcsetattr(source, termios.TCSANOW, modes)
                put(target, LEAVE)
        finally:
            os._exit(0)


def noted(number: int, frame: FrameType | None) -> None:
    """The signal's number is in the pipe; `read` acts on it."""


def put(target: int, text: str) -> None:
    """All of it: a terminal may take a long text in pieces."""
    data = text.encode("utf-8", "replace")
    while data:
        data = data[os.write(target, data) :]


def quietly(act: Callable[[], object]) -> None:
    """What cannot be done to a terminal that is gone need not be done."""
    try:
        act()
    except Exception:
        return
