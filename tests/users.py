"""Another user to run things as: nobody, where the tests are run by root."""

from __future__ import annotations

import atexit
import ctypes
import os
import resource
import shutil
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path

import pytest

import interview

PARENT = Path(interview.__file__).parent.parent  # of the package: a checkout, or where the wheel is installed
NOBODY = 65534
CAPABILITIES = (1, 2)  # root's to read and write whatever the permissions

# An interpreter in root's own folder is shown to the ordinary user by a mount that nobody else sees.
SHOWN = """
set -e
mount --bind "$1" "$3"; mount -t tmpfs -o mode=755 none "$2"; mkdir -p "$1"; mount --bind "$3" "$1"
shift 3
exec setpriv --reuid 65534 --regid 65534 --clear-groups --bounding-set -all "$@"
"""


def as_user(user: int | None, command: list[str]) -> list[str]:
    """The command as root (None: as whoever runs the tests) or as nobody."""
    if user is None:
        return command
    base = Path(sys.base_prefix).resolve()
    closed = [each for each in reversed(base.parents) if not each.stat().st_mode & 0o001]
    if closed:
        return ["unshare", "-m", "sh", "-c", SHOWN, "sh", str(base), str(closed[0]), spot(), *command]
    others = ["--reuid", str(user), "--regid", str(user), "--clear-groups", "--bounding-set", "-all"]
    return ["setpriv", *others, *command]


@cache
def spot() -> str:
    folder = Path(tempfile.mkdtemp(prefix="interview-mount-"))
    atexit.register(folder.rmdir)
    return str(folder)


@cache
def reachable() -> bool:
    """May an ordinary user be had here, that can run this interpreter and read our package?"""
    if os.getuid() != 0 or shutil.which("setpriv") is None or shutil.which("unshare") is None:
        return False
    probe = [sys.executable, "-I", "-c", f"import sys; sys.path.append({str(PARENT)!r}); import interview, landlockpy"]
    return subprocess.run(as_user(NOBODY, probe), capture_output=True, check=False).returncode == 0


ordinary = pytest.mark.skipif(not reachable(), reason="no ordinary user to be had")
USERS = [pytest.param(None, id="self"), pytest.param(NOBODY, id="ordinary", marks=ordinary)]


def unprivileged() -> None:
    """In a child that is about to become another program: permissions hold for root too."""
    for each in CAPABILITIES:
        ctypes.CDLL(None).prctl(24, each, 0, 0, 0)


def smallest_files() -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


def below(pid: int) -> set[int]:
    """The process's children, and theirs."""
    try:
        own = [int(each) for path in Path(f"/proc/{pid}/task").glob("*/children") for each in path.read_text().split()]
    except OSError:
        return set()
    return {*own, *(each for child in own for each in below(child))}
