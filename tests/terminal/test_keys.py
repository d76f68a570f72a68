"""Bytes as keys, the line being typed, and the terminal always put back."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import signal
import subprocess
import sys
import termios
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interview.terminal.tui.decode import Paste, Press, decode
from interview.terminal.tui.line import Line, edit, insert


@pytest.mark.parametrize(
    ("data", "keys"),
    [
        (b"a1 \n\r\x7f\t", ["a", "1", "space", "enter", "enter", "backspace", "tab"]),
        (b"\x1b[A\x1b[B\x1bOC\x1b[D", ["up", "down", "right", "left"]),
        (b"\x1b[3~\x1b[H\x1b[4~\x1b[5~", ["delete", "home", "end", "pgup"]),
        (b"\x15\x17\x01", ["ctrl-u", "ctrl-w", "ctrl-a"]),
        ("方差é".encode(), ["方", "差", "é"]),
        (b"\x1b[200~1\n2\x1b[201~q", [Paste("1\n2"), "q"]),
        (b"\x1b[1;5C\x1b[25~x", ["x"]),
        (b"\xff\xfea", ["a"]),
        (b"\x1ba", ["esc", "a"]),
        (b"\x1b[[Ax", ["x"]),  # F1 of the Linux console
        (b"\x1b]11;rgb:0000/0000/0000\x07x\x1bP1+r5463=\x1b\\y", ["x", "y"]),  # a terminal's answers
        (b"\x1b[", []),
    ],
)
def test_bytes_as_keys(data: bytes, keys: list[Press]) -> None:
    """Known sequences are named, unknown ones and broken UTF-8 are nothing, pasted text is never keys."""
    assert decode(data, complete=True) == (keys, b"")


@given(st.binary(max_size=40), st.integers(0, 40))
def test_where_the_bytes_are_cut_does_not_matter(data: bytes, cut: int) -> None:
    """A key that arrives in two reads is the same key; nothing is lost and nothing hangs."""
    first, rest = decode(data[:cut], complete=False)
    second, left = decode(rest + data[cut:], complete=False)
    third, none = decode(left, complete=True)
    whole, over = decode(data, complete=False)
    last, _ = decode(over, complete=True)
    assert none == b""
    assert first + second + third == whole + last


def test_a_lone_escape_waits_for_what_may_follow() -> None:
    """Esc is Esc only once nothing more came; the start of a sequence is kept."""
    assert decode(b"\x1b", complete=False) == ([], b"\x1b")
    assert decode(b"\x1b", complete=True) == (["esc"], b"")
    assert decode(b"\x1b[", complete=False) == ([], b"\x1b[")
    assert decode("方".encode()[:2], complete=False) == ([], "方".encode()[:2])


def typed(*keys: str) -> Line:
    line = Line()
    for key in keys:
        line = insert(line, key) if len(key) == 1 else edit(line, key)
    return line


def test_the_line_is_edited_by_characters_and_measured_in_cells() -> None:
    """Backspace takes one Chinese character, and the cursor moves by two cells."""
    line = typed(*"方差 x²")
    assert line.cells == 7
    assert typed(*"方差", "backspace") == Line("方", 1)
    assert typed(*"方差", "left", "delete") == Line("方", 1)


def test_a_combining_mark_goes_with_its_letter() -> None:
    """`e` and its accent are one character to the person: one backspace, one step."""
    assert typed("x", "e", "\u0301", "backspace") == Line("x", 1)
    assert typed("x", "e", "\u0301", "left").at == 1


def test_words_and_ends() -> None:
    """The keys of every shell: ctrl-w, ctrl-u, ctrl-k, home, end."""
    assert typed(*"one two", "ctrl-w") == Line("one ", 4)
    assert typed(*"one two", "home", "right", "ctrl-k") == Line("o", 1)
    assert typed(*"one two", "ctrl-u") == Line("", 0)
    assert typed(*"ab", "home", "end", "c").text == "abc"


@given(st.lists(st.one_of(st.characters(), st.sampled_from(["left", "right", "backspace", "delete", "home", "end", "ctrl-w", "ctrl-u", "ctrl-k"])), max_size=30))  # fmt: skip # noqa: E501
def test_no_key_breaks_the_line(keys: list[str]) -> None:
    """Whatever is typed, the cursor stays inside, and nothing that moves a terminal gets in."""
    line = typed(*keys)
    assert 0 <= line.at <= len(line.text)
    assert not any(ord(each) < 32 or each == "\x7f" for each in line.text)


def test_a_paste_is_one_line() -> None:
    """Newlines and tabs of pasted text become spaces; escapes cannot pass."""
    assert insert(Line(), "a\nb\tc\x1b[2J").text == "a b c [2J" or "\x1b" not in insert(Line(), "a\nb\tc\x1b[2J").text


PROGRAM = """
import os, sys
from interview.terminal.tui.signals import Interrupted
from interview.terminal.tui.keys import Keyboard
try:
    with Keyboard() as keyboard:
        keyboard.watch()
        os.write(1, b"READY")
        while (key := keyboard.read()) != "q":
            os.write(1, f"<{key}>".encode())
            if key == "x":
                raise RuntimeError("a crash")
except Interrupted as interrupted:
    sys.exit(interrupted.code)
"""


def take_terminal() -> None:
    """A session of its own, with this terminal as its own: as a terminal window does it."""
    os.setsid()
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)


class Child:
    """A program on a terminal of its own; `modes` is what stty would tell."""

    def __init__(self, command: Sequence[str] = (sys.executable, "-c", PROGRAM), *, ready: bytes = b"READY") -> None:
        self.terminal, self.end = pty.openpty()
        self.before = termios.tcgetattr(self.end)
        self.process = subprocess.Popen(
            command,
            stdin=self.end, stdout=self.end, stderr=subprocess.DEVNULL,
            preexec_fn=take_terminal,  # noqa: PLW1509  (no threads here)
        )  # fmt: skip
        os.set_blocking(self.terminal, False)
        self.seen = b""
        self.until(ready)

    def until(self, wanted: bytes, *, seconds: float = 10) -> None:
        limit = time.monotonic() + seconds
        while wanted not in self.seen and time.monotonic() < limit:
            try:
                self.seen += os.read(self.terminal, 65536)
            except (BlockingIOError, OSError):
                time.sleep(0.01)
        assert wanted in self.seen, self.seen

    def type(self, data: bytes) -> None:
        os.write(self.terminal, data)

    def modes(self) -> list[object]:
        return termios.tcgetattr(self.end)

    def is_restored(self, *, seconds: float = 3) -> bool:
        """The modes are as before, and the other screen was left; the guardian may take an instant."""
        limit = time.monotonic() + seconds
        while time.monotonic() < limit:
            with suppress(OSError):
                self.seen += os.read(self.terminal, 65536)
            if self.modes() == self.before and self.seen.rstrip().endswith(b"\x1b[?1049l"):
                return True
            time.sleep(0.01)
        return False

    def close(self) -> None:
        self.process.kill()
        self.process.wait()
        os.close(self.terminal)
        os.close(self.end)


@pytest.fixture
def child() -> Iterator[Child]:
    child = Child()
    yield child
    child.close()


def test_keys_arrive_one_by_one(child: Child) -> None:
    """No Enter is needed, and nothing is echoed."""
    child.type("a方\x1b[A".encode())
    child.until("<a><方><up>".encode())
    child.type(b"\x1b")
    child.until(b"<esc>")
    child.type(b"q")
    assert child.process.wait(5) == 0
    assert child.is_restored()


SEQUENCES = [b"\x1b[A", b"\x1bOB", b"\x1b[1;5C", b"\x1b[3~", b"\x1b[200~3\x1b[201~", "方".encode()]


def test_a_sequence_on_a_slow_line_is_no_letters() -> None:
    """Whatever the pause between its bytes, none of them arrives as a key of ours. All are typed side by side."""
    with ThreadPoolExecutor(3 * len(SEQUENCES)) as hands, ExitStack() as stack:
        typing = []
        for pause, sequence in product((0.08, 0.2, 0.45), SEQUENCES):
            child = Child()
            stack.callback(child.close)
            typing.append((child, sequence, pause, hands.submit(type_slowly, child, sequence, pause)))
        for child, sequence, pause, typed_out in typing:
            typed_out.result()
            child.until(b"<.>")
            found = re.findall(rb"<([^>]*)>", child.seen)
            assert all(len(key) > 1 for key in found[:-1]), (sequence, pause, found)


def type_slowly(child: Child, sequence: bytes, pause: float) -> None:
    for byte in sequence:
        child.type(bytes([byte]))
        time.sleep(pause)
    child.type(b".")


def test_ctrl_s_and_ctrl_v_are_keys(child: Child) -> None:
    """Nothing freezes, nothing is quoted."""
    child.type(b"\x13\x16\x11a")
    child.until(b"<ctrl-s><ctrl-v><ctrl-q><a>")


@pytest.mark.parametrize(
    ("number", "code"),
    [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129), (signal.SIGQUIT, 131)],
)
def test_a_signal_restores_the_terminal(child: Child, number: signal.Signals, code: int) -> None:
    """Terminated or interrupted: the terminal is as it was, and the exit code says why."""
    child.process.send_signal(number)
    assert child.process.wait(5) == code
    assert child.is_restored()


def test_ctrl_c_from_the_keyboard_restores_the_terminal(child: Child) -> None:
    """The character, not only the signal."""
    child.type(b"\x03")
    assert child.process.wait(5) == 130
    assert child.is_restored()


def test_a_crash_restores_the_terminal(child: Child) -> None:
    """An exception of ours leaves no raw terminal behind."""
    child.type(b"x")
    assert child.process.wait(5) == 1
    assert child.is_restored()


def test_sigkill_restores_the_terminal(child: Child) -> None:
    """The guardian outlives us by an instant."""
    child.process.kill()
    child.process.wait(5)
    assert child.is_restored()


@pytest.fixture
def shell() -> Iterator[Child]:
    shell = Child(["sh", "-i"], ready=b"")
    yield shell
    shell.close()


def test_ctrl_z_stops_with_the_terminal_restored_and_goes_on(shell: Child, tmp_path: Path) -> None:
    """Stopped like any program, in a shell that then finds its terminal as usual; after `fg`, a redraw."""
    script = tmp_path / "program.py"
    script.write_text(PROGRAM)
    shell.type(f"{sys.executable} {script}\n".encode())
    shell.until(b"READY")
    shell.type(b"\x1a")
    shell.until(b"\x1b[?1049l")
    shell.type(b"stty -a; echo LOOK$((1 + 1))ED\n")
    shell.until(b"LOOK2ED")
    assert b" icanon" in shell.seen
    assert b" echo " in shell.seen
    shell.type(b"fg\n")
    shell.until(b"<redraw>")
    shell.seen = b""
    shell.type(b"q")
    shell.until(b"\x1b[?1049l")
    shell.type(b"echo LEFT$((1 + 1))\n")
    shell.until(b"LEFT2")


def test_a_new_window_size_asks_for_a_redraw(child: Child) -> None:
    """SIGWINCH is not a key, but it comes between keys."""
    child.process.send_signal(signal.SIGWINCH)
    child.until(b"<redraw>")


def test_a_closed_terminal_ends_the_program() -> None:
    """When the window is closed there is nobody to ask: leave, do not spin."""
    child = Child()
    os.close(child.end)
    os.close(child.terminal)
    code = child.process.wait(5)
    assert code == 129
