"""Forking: processes that are started on a machine that is not their own."""

from __future__ import annotations

import ctypes
import errno
import os
import signal
import sys
import time
from collections.abc import Callable
from typing import TypeVar

from interview.grading.deadlines import FORK

T = TypeVar("T")
PR_SET_PDEATHSIG = 1
START_PAUSE = 0.05


def started(start: Callable[[], T]) -> T:
    """A process or thread, tried again for a while where there are too many or too little memory: the kernel counts all
    of a user's together, and others end. That somebody else's are many says nothing about a submission."""
    end = time.monotonic() + FORK.of()
    while True:
        try:
            return start()
        except (OSError, RuntimeError) as error:  # a thread that cannot be started is a RuntimeError
            lasting = isinstance(error, OSError) and error.errno not in (errno.EAGAIN, errno.ENOMEM)
            if lasting or time.monotonic() > end:
                raise
            time.sleep(START_PAUSE)


def fork() -> int:
    return started(os.fork)


def end_with(parent: int) -> None:
    """This process dies with its parent, however that ends."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:
        os._exit(0)
