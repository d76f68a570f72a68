"""Namespaces: a further layer, where the kernel lets anybody have it. A worker sees a tree of files that holds nothing
but what it may read, and no other process.

None of the other layers leans on it, so a verdict does not need it: containers and some distributions forbid it. A
keeper makes the namespaces and the tree ready (`ground`), the worker pool joins them, each worker enters the
tree.
"""

from __future__ import annotations

import ctypes
import errno
import os
import platform
import stat
from collections.abc import Iterable
from contextlib import suppress
from functools import cache
from pathlib import Path

from interview.errors import in_chinese
from interview.grading.kernel.refusal import Refused
from interview.grading.sandbox.readable import lies_in

CLONE_NEWNS, CLONE_NEWUSER, CLONE_NEWPID = 0x20000, 0x10000000, 0x20000000
KINDS = {"user": CLONE_NEWUSER, "pid": CLONE_NEWPID, "mnt": CLONE_NEWNS}  # in the order in which they are joined
FORBIDDEN = (errno.EPERM, errno.EACCES, errno.ENOSYS, errno.EINVAL, errno.ENOSPC, errno.EUSERS)
MS_NOSUID, MS_BIND, MS_REC, MS_PRIVATE, MNT_DETACH = 2, 4096, 0x4000, 1 << 18, 2
MOUNT_SETATTR, AT_RECURSIVE, READ_ONLY, NO_SUID = 442, 0x8000, 1, 2
PIVOT_ROOT = {"x86_64": 155, "aarch64": 41}
SPOTS = ("/mnt", "/media", "/srv", "/opt", "/home", "/var")  # one that holds nothing which the tree needs
ALTERNATIVES = Path("/etc/alternatives")  # links only: Debian's libblas.so.3 is one of them
LINKS = 40  # as many as the kernel follows


class Unavailable(Refused):
    """This machine lets an ordinary process have no namespaces."""


def depart() -> None:
    """Into a user namespace with the same user, and a tree of files of its own; the next fork begins a pid namespace.

    Raises Unavailable, or OSError where the machine has namespaces and still something fails.
    """
    user, group = os.getuid(), os.getgid()
    if platform.machine() not in PIVOT_ROOT:
        raise Unavailable(f"not tried on {platform.machine()}", f"没有在 {platform.machine()} 上试过")
    try:
        call("unshare", sum(KINDS.values()))
    except OSError as error:
        if error.errno in FORBIDDEN:
            raise Unavailable(
                f"the kernel grants none here: {error.strerror}", f"内核不允许：{in_chinese(error)}"
            ) from None
        raise
    for name, text in (("setgroups", "deny"), ("uid_map", f"{user} {user} 1"), ("gid_map", f"{group} {group} 1")):
        Path("/proc/self", name).write_text(text)


def handles() -> list[int]:
    """Descriptors of our namespaces, for others to join. Ask before the tree is left."""
    return [os.open(f"/proc/self/ns/{kind}", os.O_RDONLY) for kind in KINDS]


def join(namespaces: tuple[int, ...]) -> None:
    """Let our children live in the namespaces; each still has to `enter` the tree."""
    for kind, descriptor in zip(list(KINDS)[:-1], namespaces, strict=False):
        call("setns", descriptor, KINDS[kind])


def enter(namespaces: tuple[int, ...]) -> None:
    call("setns", namespaces[-1], CLONE_NEWNS)
    for each in namespaces:
        os.close(each)


def furnish(paths: Iterable[Path], links: Iterable[Path]) -> None:
    """Make a tree of `paths`, and of the links on the ways to them, the whole of what this process sees."""
    paths = sorted({*paths, ALTERNATIVES})  # a folder before what lies in it
    free = (each for each in SPOTS if Path(each).is_dir() and not any(path.is_relative_to(each) for path in paths))
    spot = next(free, None)
    if spot is None:
        raise Refused("no folder to put the tree on", "没有文件夹可以放文件树")
    call("mount", None, b"/", None, MS_REC | MS_PRIVATE, None)
    call("mount", b"tmpfs", spot.encode(), b"tmpfs", MS_NOSUID, b"mode=755")
    tree = Tree(spot)
    for path in paths:
        with suppress(FileNotFoundError, PermissionError, NotADirectoryError):
            tree.show(path)
    for link in links:
        with suppress(FileNotFoundError, PermissionError, NotADirectoryError):
            tree.lead(link)
    wanted = (ctypes.c_uint64 * 4)(READ_ONLY | NO_SUID)
    call("syscall", MOUNT_SETATTR, -1, spot.encode(), AT_RECURSIVE, ctypes.byref(wanted), ctypes.sizeof(wanted))
    os.chdir(spot)
    call("syscall", PIVOT_ROOT[platform.machine()], b".", b".")
    call("umount2", b".", MNT_DETACH)
    os.chdir("/")


class Tree:
    """A tree that is being furnished at `root`. Nothing is made within a folder that is shown: it is the real one."""

    def __init__(self, root: str) -> None:
        self.root = root
        self.shown: set[str] = set()

    def show(self, path: Path) -> None:
        name = str(path)
        if lies_in(name, self.shown):
            return
        place = Path(self.root + name)
        if stat.S_ISDIR(path.stat().st_mode):
            place.mkdir(parents=True)
        else:
            place.parent.mkdir(parents=True, exist_ok=True)
            place.touch()
        call("mount", os.fsencode(name), os.fsencode(place), None, MS_BIND | MS_REC, None)
        self.shown.add(name)

    def lead(self, path: Path) -> None:
        """Copy the links on the way to `path`."""
        ahead, here = list(reversed(path.parts)), Path("/")
        for _ in range(LINKS):
            while ahead and not (here / ahead[-1]).is_symlink():
                here = (here / ahead.pop()).resolve()  # also `..`
            if not ahead:
                return
            link = here / ahead.pop()
            target = link.readlink()
            place = Path(self.root + str(link))
            if not lies_in(str(link), self.shown) and not place.is_symlink():
                place.parent.mkdir(parents=True, exist_ok=True)
                place.symlink_to(target)
            ahead += reversed(target.parts)
            here = Path("/") if target.is_absolute() else here


@cache
def libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)


def call(name: str, *arguments: object) -> None:
    if getattr(libc(), name)(*arguments) < 0:
        number = ctypes.get_errno()
        words = [os.fsdecode(each) for each in arguments if isinstance(each, bytes) and each.startswith(b"/")]
        raise OSError(number, os.strerror(number), " ".join([name, *words]))
