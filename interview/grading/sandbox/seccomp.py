"""The seccomp filter: the system calls that Python, torch and an honest file make, and no others.

Judging all accepted submissions takes 20 of the kernel's 360 calls; numpy, scipy, pandas, matplotlib, threads, signals
and the parts of torch that are imported late take 57. Those are allowed, and their kin, of other C libraries and newer
kernels, where they reach nobody else. It covers what Landlock does not: processes, sockets, signals, modes and owners,
shared memory, the machine itself. Reading files is Landlock's business; opening one for writing is refused here as
well, so that each layer alone keeps the machine unharmed.
"""

from __future__ import annotations

import ctypes
import errno
import os
import platform
import re
import struct
from functools import cache
from typing import Any

from interview.dataclass import dataclass
from interview.grading.kernel.refusal import refused
from interview.grading.sandbox.syscalls import ALLOWED, ARCHITECTURES, CLONE3, NEWEST, SECCOMP

EPERM, ENOSYS = 1, 38
ALLOW, ASK, KILL, ERRNO = 0x7FFF0000, 0x7FC00000, 0x80000000, 0x00050000
LOAD, JUMP_EQUAL, JUMP_GREATER, JUMP_BITS, RETURN = 0x20, 0x15, 0x25, 0x45, 0x06
NUMBER, ARCHITECTURE, ARGUMENTS = 0, 4, 16  # offsets in struct seccomp_data
PR_SET_NO_NEW_PRIVS, PR_SET_SECCOMP, MODE_FILTER = 38, 22, 2
SET_MODE_FILTER, NEW_LISTENER = 1, 8  # an operation of the call itself, and its flag

CLONE_THREAD = 0x10000
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
PR_GET_DUMPABLE, PR_SET_NAME, PR_GET_NAME, PR_SET_VMA = 3, 15, 16, 0x53564D41  # threads and malloc name things
# All that Python asks of a descriptor. Others signal somebody else, keep a library locked or leased, which anybody may
# read, take from a user's allowance of pipes, or change a file's flags through one that was opened for reading.
F_DUPFD, F_GETFD, F_SETFD, F_GETFL, F_SETFL, F_DUPFD_CLOEXEC, F_GETPIPE_SZ, F_GET_SEALS = (
    0,
    1,
    2,
    3,
    4,
    1030,
    1032,
    1034,
)
TCGETS, TCGETS2, TIOCGWINSZ = 0x5401, 0x802C542A, 0x5413
FIONBIO, FIONREAD, FIONCLEX, FIOCLEX = 0x5421, 0x541B, 0x5450, 0x5451


class SeccompUnsupported(Exception):
    """This machine has no seccomp filters, or an architecture whose numbers are not known here."""


@dataclass(frozen=True, slots=True)
class Rule:
    """Allow `call` if an argument of it `equals` one of `values`, or has the bits of the only one set (`with`) or not
    (`without`)."""

    call: str
    argument: int
    test: str
    values: tuple[int, ...]


def rules(pid: int) -> list[Rule]:
    """The calls that are harmless with some arguments only. A worker may signal, and limit, nobody but itself."""
    return [
        Rule("clone", 0, "with", (CLONE_THREAD,)),
        Rule("kill", 0, "equals", (pid,)),
        Rule("tgkill", 0, "equals", (pid,)),
        Rule("prlimit64", 0, "equals", (0,)),
        Rule("open", 1, "without", (WRITING,)),
        Rule("openat", 2, "without", (WRITING,)),
        Rule("prctl", 0, "equals", (PR_GET_DUMPABLE, PR_SET_NAME, PR_GET_NAME, PR_SET_VMA)),
        Rule("fcntl", 1, "equals", (F_DUPFD, F_GETFD, F_SETFD, F_GETFL, F_SETFL, F_DUPFD_CLOEXEC, F_GETPIPE_SZ)),
        Rule("ioctl", 1, "equals", (TCGETS, TCGETS2, TIOCGWINSZ, FIONBIO, FIONREAD, FIONCLEX, FIOCLEX)),
    ]


def program(pid: int, machine: str, *, clone: int = ALLOW) -> bytes:
    """The filter as BPF; `clone` is its answer to a new thread. Raises SeccompUnsupported for an architecture without a
    table."""
    code = []
    for rule in rules(pid):
        number = ALLOWED[rule.call][column_of(machine)]
        if number is not None:
            code += permission(rule, number, clone if rule.call == "clone" else ALLOW)
    return b"".join([
        unconditional(machine),
        *code,
        step(JUMP_EQUAL, CLONE3, 1, 0),
        step(JUMP_GREATER, NEWEST, 0, 1),  # also the x32 numbers, which start at 2**30
        step(RETURN, ERRNO | ENOSYS),
        step(RETURN, ERRNO | EPERM),
    ])  # fmt: skip


@cache
def unconditional(machine: str) -> bytes:
    """The head of every filter: this architecture and no other, and the calls that no argument makes harmful."""
    column, audit = column_of(machine), ARCHITECTURES[machine][1]
    code = [
        step(LOAD, ARCHITECTURE),
        step(JUMP_EQUAL, audit, 1, 0),
        step(RETURN, KILL),
        step(LOAD, NUMBER),
    ]
    conditional = {rule.call for rule in rules(0)}
    for name, numbers in ALLOWED.items():
        number = numbers[column]
        if number is not None and name not in conditional:
            code += [step(JUMP_EQUAL, number, 0, 1), step(RETURN, ALLOW)]
    return b"".join(code)


def column_of(machine: str) -> int:
    if machine not in ARCHITECTURES:
        raise SeccompUnsupported(f"no table of system calls for {machine}")
    return ARCHITECTURES[machine][0]


def permission(rule: Rule, number: int, answer: int) -> list[bytes]:
    """If the call is `number`: `answer` if the condition holds, else EPERM. Compares the argument's low 32 bits."""
    opcode = JUMP_EQUAL if rule.test == "equals" else JUMP_BITS
    count = len(rule.values)
    answers = (ERRNO | EPERM, answer) if rule.test != "without" else (answer, ERRNO | EPERM)
    return [
        step(JUMP_EQUAL, number, 0, count + 3),
        step(LOAD, ARGUMENTS + 8 * rule.argument),
        *(step(opcode, value, count - n, 0) for n, value in enumerate(rule.values)),
        *(step(RETURN, each) for each in answers),
    ]


def step(opcode: int, value: int, when: int = 0, otherwise: int = 0) -> bytes:
    return struct.pack("HBBI", opcode, when, otherwise, value & 0xFFFFFFFF)


def apply(*, ask: bool = False) -> int | None:
    """Install the filter for this process, for good. Raises SeccompUnsupported, or OSError when the kernel refuses.

    With `ask` it returns a listener, on which the kernel asks before it starts a thread, or None where it cannot ask.
    """
    if not supported():
        raise SeccompUnsupported("the kernel has no seccomp filters")
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0:
        raise refused("seccomp", "seccomp")
    if ask and can_ask():
        listener = libc.syscall(SECCOMP[platform.machine()], SET_MODE_FILTER, NEW_LISTENER, prepared(ASK))
        if listener >= 0:
            return int(listener)
        if ctypes.get_errno() != errno.EBUSY:  # whoever started us listens already, and there may be one only
            raise refused("seccomp", "seccomp")
    if libc.prctl(PR_SET_SECCOMP, MODE_FILTER, prepared(ALLOW), 0, 0) != 0:
        raise refused("seccomp", "seccomp")
    return None


class Filter(ctypes.Structure):
    """What the kernel takes: how many steps, and where they are."""

    _fields_ = (("steps", ctypes.c_ushort), ("code", ctypes.c_char_p))


def prepared(clone: int) -> Any:
    code = program(os.getpid(), platform.machine(), clone=clone)
    return ctypes.byref(Filter(len(code) // 8, code))


def can_ask() -> bool:
    """Since Linux 5.5 a call that was asked about may go on."""
    release = re.match(r"(\d+)\.(\d+)", platform.release())
    return release is not None and (int(release[1]), int(release[2])) >= (5, 5)


def supported() -> bool:
    """Does the kernel know filters, and do we know its numbers? Asking changes nothing."""
    if platform.machine() not in ARCHITECTURES or platform.system() != "Linux":
        return False
    libc = ctypes.CDLL(None, use_errno=True)
    # A filter at address null: EFAULT where filters exist, EINVAL where they do not.
    return bool(libc.prctl(PR_SET_SECCOMP, MODE_FILTER, None, 0, 0) != 0 and ctypes.get_errno() == 14)
