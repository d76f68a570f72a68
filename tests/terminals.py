"""Commands whose standard output and error output are terminals or pipes, in forks of one process."""

from __future__ import annotations

import json
import os
import pty
import re
import subprocess
import sys
import threading
from collections.abc import Sequence

PROGRAM = """
import json, os, pkgutil, sys
from importlib import import_module
import interview.cli, interview.drill, interview.practice, interview.terminal
for room in (interview.cli, interview.drill, interview.practice, interview.terminal):
    for each in pkgutil.walk_packages(room.__path__, room.__name__ + "."):
        import_module(each.name)
from interview.terminal.tui import progress
from interview.cli.main import main
progress.PATIENCE = progress.PAUSE = 0
for args in json.loads(sys.argv[1]):
    pid = os.fork()
    if not pid:
        sys.exit(main(args))
    code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    for end in (sys.stdout, sys.stderr):
        print("== ended", code, file=end, flush=True)
"""
ENDED = re.compile(r"== ended (-?\d+)\n")


def on_terminals(args: Sequence[str], *, out: bool, err: bool) -> tuple[int, str, str]:
    """Run it with a terminal or a pipe as standard output and as error output; the code, and what each end received."""
    (heard,) = all_on_terminals([args], out=out, err=err)
    return heard


def all_on_terminals(
    commands: Sequence[Sequence[str]], *, out: bool, err: bool, **env: str
) -> list[tuple[int, str, str]]:
    """The same of several, one after the other."""
    ends = [pty.openpty() if terminal else os.pipe() for terminal in (out, err)]
    with subprocess.Popen(
        [sys.executable, "-c", PROGRAM, json.dumps(commands)], stdin=subprocess.DEVNULL, stdout=ends[0][1],
        stderr=ends[1][1], env={**os.environ, "TERM": "xterm-256color", "INTERVIEW_LANG": "en", **env},
    ) as process:  # fmt: skip
        received = [b"", b""]
        readers = [threading.Thread(target=drain, args=(ends[n][0], received, n)) for n in range(2)]
        for (_, theirs), reader in zip(ends, readers, strict=True):
            os.close(theirs)
            reader.start()
        assert process.wait(300) == 0
    for reader in readers:
        reader.join(10)
    for ours, _ in ends:
        os.close(ours)
    said, told = (ENDED.split(each.decode().replace("\r\n", "\n")) for each in received)
    return [(int(code), *both) for code, *both in zip(said[1::2], said[::2], told[::2], strict=False)]


def drain(end: int, received: list[bytes], n: int) -> None:
    while True:
        try:
            data = os.read(end, 1 << 16)
        except OSError:  # a terminal whose other end is closed
            return
        if not data:
            return
        received[n] += data
