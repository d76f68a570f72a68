"""The keyboard: single keys from a terminal that is always put back as it was.

Signals are read from a pipe beside the keys: SIGINT, SIGTERM and SIGHUP end the sitting between two keys, SIGTSTP stops
it with the terminal restored, SIGWINCH and coming back ask for a redraw. Against SIGKILL there is a guardian: a forked
child that only waits for our end and then restores the terminal.
"""

from __future__ import annotations

import codecs
import os
import select
import signal
import sys
import termios
import time
from collections import deque
from collections.abc import Callable, Sequence
from types import TracebackType
from typing import Any

from interview.terminal.tui.decode import Press, decode
from interview.terminal.tui.foreground import as_os_errors, is_behind, run_in_front
from interview.terminal.tui.signals import Bell, Interrupted, NotStartedError, stop

PASTES, NO_PASTES = "\x1b[?2004h", "\x1b[?2004l"  # pastes are marked as such
ENTER = f"\x1b[?1049h{PASTES}\x1b[H\x1b[2J"  # the other screen
LEAVE = f"{NO_PASTES}\x1b[?25h\x1b[?1049l"  # each line painted has ended its own styles
REDRAW = "redraw"  # no key: the window changed, or we came back
ESC_WAIT = 0.4  # seconds after which Esc is the key, and not the beginning of a sequence on a slow line
REST_WAIT = 2.0  # seconds for the rest of a sequence or of a paste
QUIET = 0.1  # seconds without input after which what was meant for somebody else is over

ALIKE = "interview.alike"
SIMPLE = dict(zip("·…━─−✗✓–—↓↑′≈→≥≤×“”‘’█", ".~---x+--v^'~>><x\"\"''#", strict=True))  # our own signs, where they lack


class Keyboard:
    """`with Keyboard() as keyboard: keyboard.read()`; on the way out, whatever the reason, all is as before."""

    def __init__(self, source: int = 0, target: int = 1) -> None:
        self.source, self.target = source, target
        self._bell = Bell()
        self._leave = ""  # what puts the screen back; empty while the terminal is not ours
        self._waiting: deque[Press] = deque()
        self._data = b""
        self._came = 0.0  # when the last of the data did
        self._had_esc = False  # was the last key an Esc that nothing followed in time?
        self._guardian: tuple[int, int] | None = None  # its id, and where it is told that all is well

    def __enter__(self) -> Keyboard:
        with as_os_errors():
            self._modes = termios.tcgetattr(self.source)
        self._bell.__enter__()
        self._open(ENTER, LEAVE)
        return self

    def __exit__(self, kind: type[BaseException] | None, _: object, __: TracebackType | None) -> None:
        self._close()
        self._bell.__exit__()
        if self._guardian is not None:
            child, telling = self._guardian
            quietly(lambda: os.write(telling, b"."))
            os.close(telling)
            quietly(lambda: os.waitpid(child, 0))

    def watch(self) -> None:
        """Start the guardian; after the first paint, for it takes a millisecond or two."""
        self._guardian = guard(self.source, self.target, self._modes)

    def _open(self, enter: str, leave: str, *, after: bool = False) -> None:
        """`after` another program: what was typed for it is no key of ours."""
        self._enter, self._leave = enter, leave
        with as_os_errors():
            termios.tcsetattr(self.source, termios.TCSANOW, cbreak(self._modes))
        if after:
            self._forget()
        put(self.target, enter)

    def _close(self) -> None:
        """As it was; a terminal that is gone, or by now another's, needs nothing."""
        leave, self._leave = self._leave, ""
        if leave and not is_behind(self.source):
            quietly(lambda: put(self.target, leave))
            quietly(lambda: termios.tcsetattr(self.source, termios.TCSADRAIN, self._modes))

    def lend(self, command: Sequence[str], *, then: str = "") -> int:
        """The terminal, as it was, to another program; its exit code, or NotStartedError.

        With `then`, that is said when it has ended, and Enter waited for.
        """
        self._close()
        try:
            code = run_in_front(command, terminal=self.source, output=self.target, modes=self._modes, bell=self._bell)
            if then:
                self._wait_for_enter(then)
        except Interrupted:
            self._leave = self._leave or LEAVE  # however the program left the screen
            raise
        except NotStartedError:
            self._open(ENTER, LEAVE)
            raise
        self._open(ENTER, LEAVE, after=True)
        return code

    def _wait_for_enter(self, text: str) -> None:
        """On the screen that the program wrote on; Ctrl-D is the end of the input."""
        self._open(f"{PASTES}\r\n{text}", f"{NO_PASTES}\r\n", after=True)
        while (key := self.read()) != "enter":
            if key == "ctrl-d":
                raise Interrupted(0)
            if key == REDRAW:
                put(self.target, f"\r{text}")
        self._close()

    def _forget(self) -> None:
        """All that has been typed so far, and what is still on its way."""
        self._waiting.clear()
        self._data = b""
        while select.select([self.source], [], [], QUIET)[0] and self._take():
            self._data = b""

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
        patience = self._patience()
        wait = patience if seconds is None or (patience is not None and patience < seconds) else seconds
        ready, _, _ = select.select([self.source, self._bell.fileno()], [], [], wait)
        if self._bell.fileno() in ready:
            self._heed(self._bell.heed())
        if self.source in ready and not self._take():
            raise Interrupted(128 + signal.SIGHUP)  # the terminal was closed
        if self._data:
            self._decode(complete=not ready and wait == patience)

    def _patience(self) -> float | None:
        """Seconds left to wait for the rest of what has come."""
        if not self._data:
            return None
        return max(0.0, self._came + (ESC_WAIT if self._data == b"\x1b" else REST_WAIT) - time.monotonic())

    def _take(self) -> bool:
        """What has come; False when nothing will come any more."""
        try:
            data = os.read(self.source, 65536)
        except OSError:
            data = b""
        if self._had_esc and data[:1] in (b"[", b"O"):
            data = b"\x1b" + data  # the rest of a sequence, later than we waited for it
        self._had_esc = False
        self._data += data
        self._came = time.monotonic()
        return bool(data)

    def _decode(self, *, complete: bool) -> None:
        self._had_esc = complete and self._data == b"\x1b"
        found, self._data = decode(self._data, complete=complete)
        self._waiting.extend(found)

    def _heed(self, signals: frozenset[int]) -> None:
        if signal.SIGTSTP in signals:
            self._stop()
        if signals & {signal.SIGTSTP, signal.SIGWINCH}:
            self._waiting.append(REDRAW)

    def _stop(self) -> None:
        """Ctrl-Z: restore, stop as the shell expects, and take the terminal again when we go on."""
        leave = self._leave
        self._close()
        stop()
        self._bell.heed()  # told to end while we slept: the terminal is the shell's
        self._open(self._enter, leave)


def cbreak(modes: list[Any]) -> list[Any]:
    """Keys at once and unseen, Ctrl-S and Ctrl-V among them; Ctrl-C and Ctrl-Z are signals, Enter a newline."""
    characters = list(modes[6])
    characters[termios.VMIN], characters[termios.VTIME] = 1, 0
    typed = modes[0] & ~(termios.IXON | termios.INLCR | termios.IGNCR | termios.ISTRIP) | termios.ICRNL
    keys_at_once = modes[3] & ~(termios.ICANON | termios.ECHO | termios.IEXTEN) | termios.ISIG
    return [typed, *modes[1:3], keys_at_once, *modes[4:6], characters]


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


def put(target: int, text: str) -> None:
    """All of it: a terminal may take a long text in pieces. In the terminal's encoding, which is that of standard
    output; what it lacks is replaced by something as wide."""
    data = text.encode(encoding(), ALIKE)
    while data:
        data = data[os.write(target, data) :]


def encoding() -> str:
    name = getattr(sys.stdout, "encoding", None) or "utf-8"
    try:
        return name if "\x1b".encode(name) == b"\x1b" else "utf-8"  # in UTF-16 no terminal speaks
    except LookupError:
        return "utf-8"


def alike(error: UnicodeError) -> tuple[str, int]:
    from rich.cells import cell_len

    if not isinstance(error, UnicodeEncodeError):
        raise error
    lacked = error.object[error.start : error.end]
    return "".join(SIMPLE.get(each) or "?" * cell_len(each) for each in lacked), error.end


codecs.register_error(ALIKE, alike)


def quietly(act: Callable[[], object]) -> None:
    """What cannot be done to a terminal that is gone need not be done."""
    try:
        act()
    except Exception:
        return
