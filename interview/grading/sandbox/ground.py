"""What workers stand on, made ready beside the import of torch, in a process of its own: which files they may read, and
where the kernel grants it a tree of files that holds no others.

To look for content of ours in what is installed takes a sixth of that import, and nobody waits for it.
"""

from __future__ import annotations

import ctypes
import json
import os
import select
import signal
import socket
import sys
import traceback
from pathlib import Path
from typing import Any

from interview.dataclass import dataclass
from interview.grading.forking import fork
from interview.grading.sandbox import lockdown, namespaces
from interview.grading.sandbox.lockdown import Ground
from interview.grading.sandbox.readable import readable

PR_SET_CHILD_SUBREAPER = 36


@dataclass(frozen=True, slots=True)
class Laying:
    """Ground that is being laid by a process `pid`, which tells on `sock` what became of it."""

    pid: int
    sock: socket.socket

    def ground(self) -> Ground:
        """Wait for it. What could not be made ready fails in each worker, by its name."""
        told: dict[str, Any] = {}
        while "failed" not in told:
            text, descriptors, _, _ = socket.recv_fds(self.sock, 1 << 16, 8)
            told |= json.loads(text or '{"failed": "files: the process that looks for content died"}')
        self.sock.close()
        os.waitpid(self.pid, 0)
        files = descriptors.pop(0) if told.pop("landlock", False) else None
        return Ground(files=files, namespaces=tuple(descriptors), **told)


def lay(barred: tuple[Path, ...]) -> Laying:
    """Begin. To be called before there are threads."""
    become_subreaper()
    parent = os.pidfd_open(os.getpid()) if hasattr(os, "pidfd_open") else None
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    pid = fork()
    if pid:
        theirs.close()
        if parent is not None:
            os.close(parent)
        return Laying(pid, ours)
    try:
        lockdown.close_others((theirs.fileno(), *(() if parent is None else (parent,))))
        null = os.open(os.devnull, os.O_RDWR)  # nobody's pipes are ours to hold
        os.dup2(null, 0)
        os.dup2(null, 1)
        prepare(theirs, barred, parent)
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stderr.flush()
        os._exit(0)


def become_subreaper() -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def prepare(sock: socket.socket, barred: tuple[Path, ...], parent: int | None) -> None:
    """Tell what is ready; then, where there are namespaces, keep them until `parent` has ended."""
    told = {"failed": ""} | depart(sock, parent)
    allowed = readable(barred)
    rules, kept = None, []
    try:
        rules = lockdown.landlock(allowed)
    except lockdown.LockdownFailed as error:
        told["failed"] = str(error)
    if "lacking" not in told:
        try:
            kept = namespaces.handles()
            namespaces.furnish(allowed.paths, allowed.ways)
            lockdown.allow_names(rules, allowed)  # the same folders, which are others in this tree
        except OSError as error:
            kept, told["lacking"] = [], str(error)
    files = [] if rules is None else [rules.fileno()]
    socket.send_fds(sock, [json.dumps(told | {"landlock": bool(files)}).encode()], [*files, *kept])
    sock.close()
    if kept and parent is not None:
        select.select([parent], [], [])


def depart(sock: socket.socket, parent: int | None) -> dict[str, Any]:
    """Into namespaces of our own, as their first process: with it end all others in them. Or why they are `lacking`."""
    if parent is None:
        return {"lacking": "the kernel is too old", "granted": False}
    try:
        namespaces.depart()
    except namespaces.Unavailable as error:
        return {"lacking": str(error), "granted": False}
    except OSError as error:
        return {"lacking": str(error)}
    keeper = fork()
    if keeper:
        sock.send(json.dumps({"keeper": keeper}).encode())
        os._exit(0)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    return {}
