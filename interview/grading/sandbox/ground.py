"""The ground: what workers stand on, made ready beside the import of torch in a process of its own. It is which files
they may read, and where the kernel grants it a tree of files that holds no others.

To look for content of ours in what is installed takes a sixth of that import, and nobody waits for it.
"""

from __future__ import annotations

import ctypes
import os
import select
import signal
import socket
import sys
import traceback
from pathlib import Path

from interview.dataclass import dataclass
from interview.grading.kernel.forking import fork
from interview.grading.kernel.refusal import why
from interview.grading.messages.channel import Channel
from interview.grading.messages.events import Unlocked
from interview.grading.messages.orders import Kept, Laid
from interview.grading.sandbox import lockdown, namespaces
from interview.grading.sandbox.lockdown import Ground
from interview.grading.sandbox.readable import readable
from interview.text import Text

PR_SET_CHILD_SUBREAPER = 36
DIED = Unlocked("files", Text("the process that looks for content died", "查找内容的进程死了"))


@dataclass(frozen=True, slots=True)
class Laying:
    """Ground that is being laid by a process `pid`, which tells on `sock` what became of it."""

    pid: int
    sock: socket.socket

    def ground(self) -> Ground:
        """Wait for it. What could not be made ready fails in each worker, by its name."""
        channel, keeper = Channel(self.sock), None
        told = channel.receive()
        if isinstance(told, Kept):
            keeper, told = told.keeper, channel.receive()
        channel.close()
        os.waitpid(self.pid, 0)
        descriptors = channel.descriptors
        if not isinstance(told, Laid):
            return Ground(keeper=keeper, failed=DIED)
        files = descriptors.pop(0) if told.landlock else None
        return Ground(files, tuple(descriptors), keeper, told.failed, told.lacking, told.granted)


def lay(barred: tuple[Path, ...]) -> Laying:
    """Begin. To be called before there are threads."""
    become_subreaper()
    parent = os.pidfd_open(os.getpid()) if hasattr(os, "pidfd_open") else None
    ours, theirs = socket.socketpair()
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
        prepare(Channel(theirs), barred, parent)
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stderr.flush()
        os._exit(0)


def become_subreaper() -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def prepare(channel: Channel, barred: tuple[Path, ...], parent: int | None) -> None:
    """Tell what is ready; then, where there are namespaces, keep them until `parent` has ended."""
    failed, (lacking, granted) = None, depart(channel, parent)
    allowed = readable(barred)
    rules, kept = None, []
    try:
        rules = lockdown.landlock(allowed)
    except lockdown.LockdownFailed as error:
        failed = error.unlocked
    if lacking is None:
        try:
            kept = namespaces.handles()
            namespaces.furnish(allowed.paths, allowed.ways)
            lockdown.allow_names(rules, allowed)  # the same folders, which are others in this tree
        except OSError as error:
            kept, lacking = [], why(error)
    files = [] if rules is None else [rules.fileno()]
    channel.send(Laid(bool(files), failed, lacking, granted), [*files, *kept])
    channel.close()
    if kept and parent is not None:
        select.select([parent], [], [])


def depart(channel: Channel, parent: int | None) -> tuple[Text | None, bool]:
    """Into namespaces of our own, as their first process: with it end all others in them. Or why they are lacking, and
    whether they were granted."""
    if parent is None:
        return Text("the kernel is too old", "内核太旧"), False
    try:
        namespaces.depart()
    except OSError as error:
        return why(error), not isinstance(error, namespaces.Unavailable)
    keeper = fork()
    if keeper:
        channel.send(Kept(keeper))
        os._exit(0)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    return None, True
