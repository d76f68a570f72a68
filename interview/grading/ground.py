"""What workers stand on, made ready beside the import of torch, in a process of its own: which files they may read.

To look for content of ours in what is installed takes a sixth of that import, and nobody waits for it.
"""

from __future__ import annotations

import os
import socket
import traceback
from dataclasses import dataclass
from pathlib import Path

from interview.grading import lockdown
from interview.grading.starting import fork

READY = b"ready"


@dataclass(frozen=True, slots=True)
class Laying:
    """Ground that is being laid by a process `pid`, which tells on `sock` what became of it."""

    pid: int
    sock: socket.socket

    def ground(self) -> lockdown.Ground:
        """Wait for it. What could not be made ready fails in each worker, by its name."""
        text, descriptors, _, _ = socket.recv_fds(self.sock, 1 << 16, 4)
        self.sock.close()
        os.waitpid(self.pid, 0)
        if text == READY:
            return lockdown.Ground(files=next(iter(descriptors), None))
        return lockdown.Ground(failed=text.decode() or "files: the process that looks for content died")


def lay(barred: tuple[Path, ...]) -> Laying:
    """Begin. To be called before there are threads."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    pid = fork()
    if pid:
        theirs.close()
        return Laying(pid, ours)
    try:
        null = os.open(os.devnull, os.O_RDWR)  # the grader's pipes are not ours to hold
        os.dup2(null, 0)
        os.dup2(null, 1)
        tell(theirs, barred)
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(0)


def tell(sock: socket.socket, barred: tuple[Path, ...]) -> None:
    try:
        files = lockdown.landlock(barred)
    except lockdown.LockdownFailed as error:
        sock.send(str(error).encode())
    else:
        socket.send_fds(sock, [READY], [] if files is None else [files])
