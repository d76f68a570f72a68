"""The foreground program: it has the terminal until it ends.

It is a group of its own, as a shell's job is: Ctrl-C and Ctrl-Z there are its. When it stops we stop with it, so that
the shell gets the terminal; when the shell lets us go on it goes on. When we are told to end it is ended first.
"""

from __future__ import annotations

import os
import select
import signal
import subprocess
import termios
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any

from interview.errors import in_chinese
from interview.terminal.tui.signals import Bell, Interrupted, NotStartedError, stop

GRACE = 2.0  # seconds between asking a program to end and making it


def run_in_front(command: Sequence[str], *, terminal: int, output: int, modes: list[Any], bell: Bell) -> int:
    """Its exit code. `modes` are those of the terminal that a shell finds when it stops."""
    ours = group_in_front(terminal)
    try:
        process = subprocess.Popen(  # noqa: S603  (the person's own editor, and ourselves)
            command,
            stdout=output,
            process_group=None if ours is None else 0,
            preexec_fn=None if ours is None else lambda: hand(terminal, os.getpid()),  # noqa: PLW1509  (no threads here)
        )
    except OSError as error:
        if ours is not None:
            hand(terminal, ours)
        raise NotStartedError(error.strerror or str(error), in_chinese(error)) from None
    try:
        return wait(process, terminal=terminal, ours=ours, modes=modes, bell=bell)
    except BaseException:
        end(process, grouped=ours is not None)
        raise
    finally:
        if ours is not None:
            with suppress(OSError):
                if os.tcgetpgrp(terminal) == process.pid:
                    hand(terminal, ours)


def wait(process: subprocess.Popen[bytes], *, terminal: int, ours: int | None, modes: list[Any], bell: Bell) -> int:
    while True:
        pid, status = os.waitpid(process.pid, os.WNOHANG | os.WUNTRACED)
        if pid and not os.WIFSTOPPED(status):
            process.returncode = os.waitstatus_to_exitcode(status)
            return process.returncode
        if pid and ours is not None:
            stop_with(process.pid, terminal=terminal, ours=ours, modes=modes, bell=bell)
            continue
        select.select([bell], [], [])
        try:
            signals = bell.heed()
        except Interrupted as told:
            if ours is None and told.code == 128 + signal.SIGINT:  # it was for the program: we share its group
                continue
            raise
        if signal.SIGTSTP in signals and ours is not None:
            os.killpg(process.pid, signal.SIGTSTP)


def stop_with(group: int, *, terminal: int, ours: int, modes: list[Any], bell: Bell) -> None:
    """The program has stopped: so do we, with the terminal as it was; gone on, it gets the terminal as it left it."""
    with as_os_errors():
        theirs = termios.tcgetattr(terminal)
        hand(terminal, ours)
        termios.tcsetattr(terminal, termios.TCSADRAIN, modes)
        stop(ours)
        bell.heed()  # told to end while we slept: then there is nothing to go on with
        termios.tcsetattr(terminal, termios.TCSADRAIN, theirs)  # in the background this stops us again, as it should
        os.tcsetpgrp(terminal, group)
        os.killpg(group, signal.SIGCONT)


@contextmanager
def as_os_errors() -> Iterator[None]:
    """A terminal that is gone, like any other file."""
    try:
        yield
    except termios.error as error:
        raise OSError(*error.args) from None


def end(process: subprocess.Popen[bytes], *, grouped: bool) -> None:
    """Ask it to end, stopped or not; after a while, make it."""

    def tell(number: int) -> None:
        with suppress(ProcessLookupError):
            (os.killpg if grouped else os.kill)(process.pid, number)

    tell(signal.SIGTERM)
    tell(signal.SIGCONT)
    limit = time.monotonic() + GRACE
    while process.poll() is None and time.monotonic() < limit:
        time.sleep(0.02)
    if process.returncode is None:
        tell(signal.SIGKILL)
        process.wait()


def group_in_front(terminal: int) -> int | None:
    """Our group, if it has the terminal; None where there are no jobs: no terminal of ours, or we are behind."""
    return os.getpgrp() if not is_behind(terminal) and has_jobs(terminal) else None


def has_jobs(terminal: int) -> bool:
    try:
        return os.tcgetpgrp(terminal) > 0
    except OSError:
        return False


def is_behind(terminal: int) -> bool:
    """Has another group the terminal? Then it is not ours to change."""
    try:
        return os.tcgetpgrp(terminal) not in (0, os.getpgrp())
    except OSError:
        return False


def hand(terminal: int, group: int) -> None:
    """The terminal to a group, from the background too."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTTOU})
    try:
        os.tcsetpgrp(terminal, group)
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
