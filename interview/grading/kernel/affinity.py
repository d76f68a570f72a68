"""Affinity: where the processes of a verdict run, and how they keep their memory. Both decide half of a call's cost.

Judge and worker take turns and never run at once. Handed to another processor, a turn wakes one that sleeps, and a
call costs twice as much; so both stay where the kernel has just placed the judge, and other work moves away from there.
"""

from __future__ import annotations

import ctypes
import os
import sys
from contextlib import suppress


def share_processor(worker: int) -> None:
    """Keep this process and the worker on the processor that this one runs on, where the system can be told so."""
    if sys.platform == "linux":
        with suppress(OSError, AttributeError):
            here = {ctypes.CDLL(None).sched_getcpu()}
            os.sched_setaffinity(0, here)
            os.sched_setaffinity(worker, here)


M_TRIM_THRESHOLD, M_MMAP_THRESHOLD = -1, -3  # of glibc's mallopt


def keep_memory() -> None:
    """Let this process and its forks use freed memory again. Handed back to the system, a tensor's worth is faulted in
    anew, page by page, at each call: of a call with a million numbers that is the larger part."""
    if sys.platform == "linux":
        with suppress(OSError, AttributeError):  # no mallopt in musl
            libc = ctypes.CDLL(None)
            libc.mallopt(M_MMAP_THRESHOLD, 32 << 20)
            libc.mallopt(M_TRIM_THRESHOLD, 256 << 20)
