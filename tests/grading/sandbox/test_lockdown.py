"""Each layer really holds, in a process that has given up its rights: as root, and as an ordinary user.

A probe is a line of Python that does what is forbidden. It runs in a child of a fresh interpreter that has applied all
layers, and tells whether it was refused.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from users import NOBODY, PARENT, USERS, as_user, ordinary

from interview.cli.world import shipped
from interview.grading.sandbox import lockdown

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the layers are those of Linux")

ROOT = shipped()  # beside the package in a checkout, inside it in the wheel

# Runs in a fresh interpreter: forks, locks the child down, evaluates each probe there, prints what became of it.
CHILD = """
import ctypes, errno, json, os, signal, socket, sys, sysconfig
sys.path.append(sys.argv[1])
from pathlib import Path
from interview.grading.sandbox import ground
from interview.grading.kernel import limits
from interview.grading.sandbox import lockdown
from interview.grading.sandbox import namespaces
from interview.grading.sandbox import seccomp
probes = json.loads(sys.argv[2])
barred = tuple(Path(each) for each in json.loads(sys.argv[3]))
parent, (ours, theirs) = os.getpid(), socket.socketpair()
secret = os.open(sys.argv[4], os.O_RDONLY)
output = os.memfd_create("output")
laid = ground.lay(barred).ground()
namespaces.join(laid.namespaces)
import fcntl, resource, struct, threading, time, ssl, mmap
pid = os.fork()
if not pid:
    ours.close()
    libc = ctypes.CDLL(None, use_errno=True)
    def call(number, *arguments):
        if libc.syscall(number, *arguments) < 0:
            raise OSError(ctypes.get_errno(), "refused")
    baseline = limits.mapped()
    layers = lockdown.apply(laid, output=output, keep=(theirs.fileno(),), parent=parent)
    lockdown.limit(baseline=baseline, memory_mib=256, seconds=5)
    told = {"held": layers.held, "missing": layers.missing}
    for name, text in probes.items():
        try:
            exec(text, globals())
            told[name] = "allowed"
        except BaseException as error:
            told[name] = type(error).__name__
    theirs.sendall(json.dumps(told).encode())
    os._exit(0)
theirs.close()
text = b""
while chunk := ours.recv(1 << 16):
    text += chunk
print(text.decode() or json.dumps({"ended": os.waitpid(pid, 0)[1]}))
"""

REFUSED = {
    "read a private file": "open({private!r}).read()",
    "read the hidden suite": "open({hidden!r}).read()",
    "read our own package": "open(lockdown.__file__).read()",
    "read the passwords": "open('/etc/passwd').read()",
    "list a folder": "os.listdir({folder!r})",
    "read /proc": "open('/proc/self/environ').read()",
    "read the parent's memory map": "open(f'/proc/{{parent}}/maps').read()",
    "read a descriptor that was open": "os.read(secret, 1)",
    "write beside": "open({folder!r} + '/new', 'x')",
    "write into site-packages": "open(sysconfig.get_path('purelib') + '/interview-attack-marker', 'x')",
    "write over": "open({private!r}, 'r+b')",
    "truncate": "os.truncate({private!r}, 0)",
    "unlink": "os.unlink({private!r})",
    "rename": "os.rename({private!r}, {private!r} + '.moved')",
    "make a folder": "os.mkdir({folder!r} + '/deeper')",
    "link": "os.symlink('/etc/passwd', {folder!r} + '/link')",
    "hard link": "os.link({private!r}, {folder!r} + '/link')",
    "make a pipe with a name": "os.mkfifo({folder!r} + '/pipe')",
    "chmod": "os.chmod({private!r}, 0o666)",
    "chown": "os.chown({private!r}, os.getuid(), os.getgid())",
    "utime": "os.utime({private!r})",
    "write an attribute": "os.setxattr({private!r}, 'user.x', b'1')",
    "read an attribute": "os.listxattr({private!r})",
    "a file without a name": "os.open({folder!r}, os.O_TMPFILE | os.O_RDWR)",
    "shared memory": "open('/dev/shm/interview-attack-marker', 'x')",
    "memfd": "os.memfd_create('x')",
    "fork": "os.fork() or os._exit(0)",
    "posix_spawn": "os.posix_spawn('/bin/true', ['true'], {{}})",
    "a shell": "assert os.system('true') == 0",
    "exec": "os.execv('/bin/true', ['true'])",
    "a session": "os.setsid()",
    "socket": "socket.socket()",
    "unix socket": "socket.socket(socket.AF_UNIX)",
    "socketpair": "socket.socketpair()",
    "signal to the parent": "os.kill(parent, 0)",
    "signal to everybody": "os.kill(-1, 0)",
    "signal to the group": "os.kill(0, 0)",
    "a handle on the parent": "os.pidfd_open(parent)",
    "a signal by a descriptor": "fcntl.fcntl(theirs.fileno(), fcntl.F_SETOWN, parent)",
    "a lease": "fcntl.fcntl(os.open(os.__file__, os.O_RDONLY), fcntl.F_SETLEASE, fcntl.F_RDLCK)",
    "a lock": "fcntl.flock(os.open(os.__file__, os.O_RDONLY), fcntl.LOCK_EX)",
    "a lock of a range": "fcntl.lockf(os.open(os.__file__, os.O_RDONLY), fcntl.LOCK_SH)",
    "a larger pipe": "fcntl.fcntl(os.pipe()[1], 1031, 1 << 20)",
    "rules of its own": "call(444, None, 0, 1)",
    "a timer": "call({{'x86_64': 222}}.get(os.uname().machine, 107), 1, None, ctypes.byref(ctypes.c_int()))",
    "flags of a file": "fcntl.ioctl(os.open(os.__file__, os.O_RDONLY), 0x80086601, b'x' * 8)",
    "limits of the parent": "resource.prlimit(parent, resource.RLIMIT_NOFILE)",
    "more open files": "resource.setrlimit(resource.RLIMIT_NOFILE, (4096, 4096))",
    "more memory": "resource.setrlimit(resource.RLIMIT_AS, (-1, -1))",
    "a processor of its own": "os.sched_setaffinity(0, {{0}})",
    "another scheduler": "os.sched_setscheduler(0, os.SCHED_BATCH, os.sched_param(0))",
    "priority": "os.setpriority(os.PRIO_PROCESS, 0, 0)",
    "setuid": "os.setuid(os.getuid())",
    "chroot": "os.chroot('/')",
    "many descriptors": "[os.open('/dev/null', os.O_RDONLY) for _ in range(100)]",
    "a large output": "os.close(0); [os.write(1, b'x' * 65536) for _ in range(40)]",
    "much memory": "bytearray(300 << 20)",
    "locked memory": "assert libc.mlock(ctypes.create_string_buffer(1 << 20), 1 << 20) == 0",
    "a core dump": "assert libc.prctl(4, 1, 0, 0, 0) == 0",
    "outliving the parent": "assert libc.prctl(1, 0, 0, 0, 0) == 0",
    "the environment": "os.environ['INTERVIEW_SECRET']",
    "ptrace": "call({{'x86_64': 101}}.get(os.uname().machine, 117), 0x4206, parent, 0, 0)",
    "unshare": "call({{'x86_64': 272}}.get(os.uname().machine, 97), 0x10000000)",
    "a ring": "call(425, 1, ctypes.create_string_buffer(120))",
    "clone3": "call(435, ctypes.create_string_buffer(88), 88)",
}  # fmt: skip
ALLOWED = {
    "read the standard library": "open(os.__file__).read()",
    "import what was not imported": "import wave, colorsys",
    "read random bytes": "os.urandom(8); open('/dev/urandom', 'rb').read(4)",
    "a thread": "t = threading.Thread(target=print); t.start(); t.join()",
    "print": "print('hello'); sys.stderr.write('x'); print('y' * 10_000_000)",
    "a signal to itself": "os.kill(os.getpid(), 0)",
    "memory within its limit": "bytearray(100 << 20)",
    "time": "time.sleep(0.001); time.localtime()",
    "a pipe": "r, w = os.pipe(); os.write(w, b'x'); assert os.read(r, 1) == b'x'",
    "a timeout on its socket": "theirs.settimeout(5); theirs.settimeout(None)",
    "nothing on standard input": "assert os.read(0, 1) == b'' and os.isatty(1) is False",
}  # fmt: skip


@pytest.fixture(scope="module")
def scene() -> Iterator[dict[str, str]]:
    """A folder that anybody may enter: whatever is refused here is refused by a layer, not by a mode."""
    folder = Path(tempfile.mkdtemp(prefix="interview-lockdown-"))
    folder.chmod(0o777)
    for name in ("private", "hidden.py"):
        (folder / name).write_text("secret")
        (folder / name).chmod(0o666)
        if os.getuid() == 0:
            os.chown(folder / name, NOBODY, NOBODY)
    yield {"folder": str(folder), "private": str(folder / "private"), "hidden": str(folder / "hidden.py")}
    shutil.rmtree(folder)


@cache
def told(user: int | None, folder: str) -> dict[str, Any]:
    """What became of every probe, as root (None: as whoever runs the tests) or as another user."""
    names = {"folder": folder, "private": f"{folder}/private", "hidden": f"{folder}/hidden.py"}
    probes = ALLOWED | {name: text.format(**names) for name, text in REFUSED.items()}  # those use up descriptors
    command = [
        sys.executable,
        "-I",
        "-c",
        CHILD,
        str(PARENT),
        json.dumps(probes),
        json.dumps([folder]),
        names["private"],
    ]
    done = subprocess.run(
        as_user(user, command), capture_output=True, text=True, timeout=120, check=False,
        env={"INTERVIEW_SECRET": "x", "PATH": os.environ["PATH"]},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    answer: dict[str, Any] = json.loads(done.stdout)
    assert "ended" not in answer, answer
    return answer


@pytest.mark.parametrize("user", USERS)
@pytest.mark.parametrize("name", REFUSED)
def test_what_is_forbidden_is_refused(name: str, user: int | None, scene: dict[str, str]) -> None:
    """Files, processes, sockets, signals, limits: refused, with the process alive to hear it."""
    assert told(user, scene["folder"])[name] not in (
        "allowed",
        "SyntaxError",
        "NameError",
        "KeyError" if " env" not in name else "",
    )


@pytest.mark.parametrize("user", USERS)
@pytest.mark.parametrize("name", ALLOWED)
def test_what_python_needs_is_left(name: str, user: int | None, scene: dict[str, str]) -> None:
    """Imports, threads, printing and memory work, or right answers would be turned away."""
    assert told(user, scene["folder"])[name] == "allowed"


@pytest.mark.parametrize("user", USERS)
def test_each_layer_is_named(user: int | None, scene: dict[str, str]) -> None:
    """What a verdict lists is what was applied, all of it on this machine."""
    answer = told(user, scene["folder"])
    assert set(answer["held"]) - set(lockdown.FURTHER) == set(lockdown.LAYERS)
    assert answer["missing"] == []


def test_a_layer_that_fails_is_no_verdict() -> None:
    """A layer that this machine supports and that cannot be applied raises; it is never skipped in silence."""
    with pytest.raises(lockdown.LockdownFailed, match="files: no"), lockdown.layer("files"):
        raise OSError("no")


@pytest.mark.slow
@ordinary
def test_the_whole_command_as_an_ordinary_user() -> None:
    """`interview kata dropout --check` with its own HOME, not as root: a right answer passes, all layers held.

    The attacks as the same user are those of `test_attacks`, in a batch.
    """
    with tempfile.TemporaryDirectory(prefix="interview-home-") as home:
        Path(home).chmod(0o777)
        environment = {
            "HOME": home, "PATH": os.environ["PATH"], "INTERVIEW_HOME": f"{home}/interview", "LANG": "C.UTF-8",
        }  # fmt: skip
        file = ROOT / "katas/dropout/submissions/accepted/reference.py"
        words = ["kata", "dropout", "--check", "--json", "--file", str(file)]
        done = subprocess.run(
            as_user(NOBODY, [sys.executable, "-m", "interview", *words]),
            capture_output=True, text=True, cwd=ROOT, env=environment, timeout=120, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr[-2000:]
        verdict = json.loads(done.stdout)
        assert verdict["status"] == "passed"
        assert set(verdict["layers"]) - set(lockdown.FURTHER) == set(lockdown.LAYERS)
