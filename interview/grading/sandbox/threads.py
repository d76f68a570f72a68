"""The doorman: a worker has at most so many threads, and starts none without a word from it.

A thread costs the kernel memory that no limit counts. RLIMIT_NPROC counts those of a user, in all processes together,
and lets root have any number; a cgroup is root's to make. So the filter asks: the kernel holds a `clone` until the
worker pool has answered (seccomp's user notification, Linux 5.5), and a thread too many is refused like on a full
machine.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
import select
import socket
import struct
from pathlib import Path

from interview.dataclass import dataclass

THREADS = 64
RECEIVE, ANSWER = 0xC0502100, 0xC0182101  # ioctls of a listener
QUESTION_SIZE, GO_ON = 80, 1


@dataclass(slots=True)
class Doorman:
    """Sees to one worker, which sends its listener over `bell` once its filter is in place."""

    pid: int
    bell: socket.socket
    listener: int | None = None

    def fileno(self) -> int:
        return self.bell.fileno() if self.listener is None else self.listener

    def attend(self, event: int) -> bool:
        """Take what has come. False when nothing more can."""
        if self.listener is None:
            _, descriptors, _, _ = socket.recv_fds(self.bell, 1, 1)
            self.bell.close()
            self.listener = descriptors[0] if descriptors else None
            return self.listener is not None
        if event & select.POLLIN:
            with contextlib.suppress(OSError):  # whoever asked has died
                self.answer(self.listener)
        return not event & (select.POLLHUP | select.POLLERR | select.POLLNVAL)

    def answer(self, listener: int) -> None:
        question = bytearray(QUESTION_SIZE)
        fcntl.ioctl(listener, RECEIVE, question)
        (number,) = struct.unpack_from("Q", question)
        refusal = -errno.EAGAIN if threads(self.pid) >= THREADS else 0
        fcntl.ioctl(listener, ANSWER, struct.pack("QqiI", number, 0, refusal, 0 if refusal else GO_ON))

    def close(self) -> None:
        self.bell.close()
        if self.listener is not None:
            os.close(self.listener)


def threads(pid: int) -> int:
    """How many a process has; 0 where that cannot be seen."""
    try:
        return Path(f"/proc/{pid}/task").stat().st_nlink - 2
    except OSError:
        return 0


def crowded(pid: int) -> bool:
    """Has the worker more threads than anybody needs? So it may be where the kernel cannot ask."""
    return threads(pid) > THREADS
