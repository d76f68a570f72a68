"""The entry point: the console script, and `python -m interview`."""

from __future__ import annotations

import os
import signal
import sys

# Both are said: which language it is, settings tell, and nothing is imported yet.
NOT_HERE = "interview runs on Linux and macOS; on Windows, run it within WSL"
NOT_HERE_ZH = "interview 只能在 Linux 和 macOS 上运行；在 Windows 上请用 WSL"


def run() -> None:
    """All that has to be so before anything is imported."""
    if sys.platform == "win32":
        sys.exit(f"{NOT_HERE}\n{NOT_HERE_ZH}")
    fill_descriptors()
    before = signal.getsignal(signal.SIGINT)
    if before is signal.default_int_handler:
        signal.signal(signal.SIGINT, lambda *_: os._exit(130))  # nothing has begun that could be lost
    if "_INTERVIEW_COMPLETE" in os.environ:  # at each Tab: what is imported for a command would take too long
        from interview.cli.tools.completion import complete_line

        if complete_line():
            return
    from interview.cli.main import run as begin

    signal.signal(signal.SIGINT, before)
    begin()


def fill_descriptors() -> None:
    """A closed 0, 1 or 2 would be the number of the next file opened: the history could become standard output."""
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.set_inheritable(os.open(os.devnull, os.O_RDWR), True)  # takes the lowest number that is free
    sys.stdin = sys.stdin or open(0, encoding="utf-8")  # noqa: SIM115
    sys.stdout = sys.stdout or open(1, "w", encoding="utf-8")  # noqa: SIM115
    sys.stderr = sys.stderr or open(2, "w", encoding="utf-8")  # noqa: SIM115


if __name__ == "__main__":
    run()
