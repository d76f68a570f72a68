"""Ending: processes that are ended, with all that they left behind."""

from __future__ import annotations

import contextlib
import os
import signal
from collections.abc import Collection
from pathlib import Path


def reap_strays(ours: Collection[int | None] = ()) -> None:
    """End every child but `ours`: those that we did not fork were re-parented to us, a submission's leftovers."""
    for _ in range(100):
        strays = [pid for pid in children(os.getpid()) if pid not in ours]
        if not strays:
            return
        for pid in strays:
            kill(pid)
            with contextlib.suppress(ChildProcessError):
                os.waitpid(pid, 0)


def kill(pid: int) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)


def children(pid: int) -> list[int]:
    try:
        return [int(each) for each in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []
