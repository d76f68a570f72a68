"""A quiz on a terminal of its own: keys in, the screen as a person sees it out."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pyte

FIXTURES = Path(__file__).parent / "fixtures" / "drill"
INTERVIEW = Path(sys.executable).with_name("interview")
LOOK = 0.02  # seconds
NAMED = {
    "enter": "\r",
    "esc": "\x1b",
    "space": " ",
    "ctrl-c": "\x03",
    "ctrl-d": "\x04",
    "ctrl-s": "\x13",
    "ctrl-z": "\x1a",
    "up": "\x1b[A",
    "down": "\x1b[B",
    "backspace": "\x7f",
}


def environment(**more: str) -> dict[str, str]:
    """The tests' own home, the fixture decks, English; a terminal tells its size itself."""
    ours = {name: value for name, value in os.environ.items() if name not in ("COLUMNS", "LINES")}
    base = {**ours, "INTERVIEW_PATH": str(FIXTURES), "INTERVIEW_LANG": "en", "TERM": "xterm-256color"}
    return {**base, **more}


class Terminal:
    """A program on a pseudo-terminal of its own, seen through pyte."""

    def __init__(
        self,
        command: Sequence[str | Path],
        *,
        columns: int = 80,
        rows: int = 30,
        env: Mapping[str, str] | None = None,
        cwd: Path | None = None,
        output: int | None = None,
    ) -> None:
        self.received = b""
        self.screen = pyte.Screen(columns, rows)
        self.stream = pyte.ByteStream(self.screen)
        self.terminal, self.end = pty.openpty()
        self.resize(columns, rows)
        self.before = termios.tcgetattr(self.end)
        self.process = subprocess.Popen(
            command,
            stdin=self.end,
            stdout=self.end if output is None else output,
            stderr=self.end,
            env=environment(**(env or {})),
            cwd=cwd,
            preexec_fn=self._take_terminal,  # noqa: PLW1509  (no threads here)
        )
        os.set_blocking(self.terminal, False)

    @staticmethod
    def _take_terminal() -> None:
        os.setsid()
        fcntl.ioctl(0, termios.TIOCSCTTY, 0)

    def resize(self, columns: int, rows: int) -> None:
        fcntl.ioctl(self.end, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        if hasattr(self, "process"):
            self.screen.resize(rows, columns)
            self.process.send_signal(signal.SIGWINCH)

    @property
    def text(self) -> str:
        return "\n".join(line.rstrip() for line in self.screen.display).strip("\n")

    def read(self) -> bool:
        """What has arrived, onto the screen; False when nothing has."""
        try:
            data = os.read(self.terminal, 65536)
        except (BlockingIOError, OSError):
            return False
        self.received += data
        # pyte does not keep a second screen: going there and back clears, as far as a test can tell.
        self.stream.feed(data.replace(b"\x1b[?1049h", b"\x1b[2J\x1b[H").replace(b"\x1b[?1049l", b"\x1b[2J\x1b[H"))
        return bool(data)

    def until(self, *wanted: str, seconds: float = 10) -> str:
        """Wait until all of it is on the screen."""

        def there() -> bool:
            text = self.text  # made anew each time
            return all(each in text for each in wanted)

        self.wait(there, seconds=seconds)
        assert all(each in self.text for each in wanted), f"{wanted} is not in:\n{self.text}"
        return self.text

    def wait(self, done: Callable[[], bool], *, seconds: float = 10) -> None:
        limit = time.monotonic() + seconds
        while not done() and time.monotonic() < limit:
            if not self.read():  # a look at the screen is dear: the next when there is something new, or after a while
                select.select([self.terminal], [], [], LOOK)

    def press(self, *keys: str) -> None:
        """Each a character, a named key, or text to be typed."""
        for key in keys:
            os.write(self.terminal, NAMED.get(key, key).encode())
            if key == "esc":
                time.sleep(0.06)

    def leave(self, *keys: str, seconds: float = 10) -> int:
        """Press the keys, and wait for the end; its exit code."""
        self.press(*keys)
        self.wait(lambda: self.process.poll() is not None, seconds=seconds)
        while self.read():
            pass
        return self.process.wait(1)

    @property
    def restored(self) -> bool:
        return termios.tcgetattr(self.end) == self.before

    def close(self) -> None:
        self.process.kill()
        self.process.wait()
        os.close(self.terminal)
        os.close(self.end)


class Quiz(Terminal):
    """`interview ARGS` on a pseudo-terminal."""

    def __init__(self, *args: str, **options: Any) -> None:
        super().__init__([INTERVIEW, *args], **options)
