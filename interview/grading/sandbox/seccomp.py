"""A small seccomp filter: the system calls that Python, torch and an honest file make, and no others.

Judging all accepted submissions takes 20 of the kernel's 360 calls; numpy, scipy, pandas, matplotlib, threads, signals
and the parts of torch that are imported late take 57. Those are allowed, and their kin, of other C libraries and newer
kernels, where they reach nobody else. It covers what Landlock does not: processes, sockets, signals, modes and owners,
shared memory, the machine itself. Reading files is Landlock's business; opening one for writing is refused here as
well, so that each layer alone keeps the machine unharmed. Numbers from the kernel's `asm/unistd_64.h` and
`asm-generic/unistd.h`. aarch64 could not be tried.
"""

from __future__ import annotations

import ctypes
import errno
import os
import platform
import re
import struct
from typing import Any

from interview.dataclass import dataclass

# name: (x86-64, aarch64); None where the architecture has no such call
ALLOWED: dict[str, tuple[int | None, int | None]] = {
    # what is open already, or was opened for reading; and its own ends of a pipe
    "read": (0, 63),
    "write": (1, 64),
    "readv": (19, 65),
    "writev": (20, 66),
    "pread64": (17, 67),
    "pwrite64": (18, 68),
    "preadv": (295, 69),
    "pwritev": (296, 70),
    "preadv2": (327, 286),
    "pwritev2": (328, 287),
    "lseek": (8, 62),
    "close": (3, 57),
    "close_range": (436, 436),
    "dup": (32, 23),
    "dup2": (33, None),
    "dup3": (292, 24),
    "pipe": (22, None),
    "pipe2": (293, 59),
    "eventfd": (284, None),
    "eventfd2": (290, 19),
    "fadvise64": (221, 223),
    "select": (23, None),
    "pselect6": (270, 72),
    "poll": (7, None),
    "ppoll": (271, 73),
    "epoll_create": (213, None),
    "epoll_create1": (291, 20),
    "epoll_ctl": (233, 21),
    "epoll_wait": (232, None),
    "epoll_pwait": (281, 22),
    "epoll_pwait2": (441, 441),
    # the judge's socket; it cannot make another
    "sendto": (44, 206),
    "sendmsg": (46, 211),
    "recvfrom": (45, 207),
    "recvmsg": (47, 212),
    "shutdown": (48, 210),
    "getsockname": (51, 204),
    "getpeername": (52, 205),
    "getsockopt": (55, 209),
    # names and states of files, which change nothing
    "stat": (4, None),
    "lstat": (6, None),
    "fstat": (5, 80),
    "newfstatat": (262, 79),
    "statx": (332, 291),
    "statfs": (137, 43),
    "fstatfs": (138, 44),
    "access": (21, None),
    "faccessat": (269, 48),
    "faccessat2": (439, 439),
    "readlink": (89, None),
    "readlinkat": (267, 78),
    "getdents": (78, None),
    "getdents64": (217, 61),
    "getcwd": (79, 17),
    "chdir": (80, 49),
    "fchdir": (81, 50),
    "umask": (95, 166),
    # memory of its own
    "brk": (12, 214),
    "mmap": (9, 222),
    "munmap": (11, 215),
    "mremap": (25, 216),
    "mprotect": (10, 226),
    "madvise": (28, 233),
    "pkey_alloc": (330, 289),
    "pkey_free": (331, 290),
    "pkey_mprotect": (329, 288),
    "map_shadow_stack": (453, 453),
    "mseal": (462, 462),
    "membarrier": (324, 283),
    "get_mempolicy": (239, 236),
    # threads, and waiting
    "futex": (202, 98),
    "futex_waitv": (449, 449),
    "futex_wake": (454, 454),
    "futex_wait": (455, 455),
    "futex_requeue": (456, 456),
    "set_robust_list": (273, 99),
    "set_tid_address": (218, 96),
    "rseq": (334, 293),
    "arch_prctl": (158, None),
    "sched_yield": (24, 124),
    "sched_getaffinity": (204, 123),
    "sched_getscheduler": (145, 120),
    "sched_getparam": (143, 121),
    "sched_get_priority_max": (146, 125),
    "sched_get_priority_min": (147, 126),
    "getpriority": (140, 141),
    "nanosleep": (35, 101),
    "clock_nanosleep": (230, 115),
    "pause": (34, None),
    "restart_syscall": (219, 128),
    "wait4": (61, 260),  # it has no children, and is told so
    "waitid": (247, 95),
    "exit": (60, 93),
    "exit_group": (231, 94),
    # signals of its own
    "rt_sigaction": (13, 134),
    "rt_sigprocmask": (14, 135),
    "rt_sigreturn": (15, 139),
    "rt_sigpending": (127, 136),
    "rt_sigtimedwait": (128, 137),
    "rt_sigsuspend": (130, 133),
    "sigaltstack": (131, 132),
    "alarm": (37, None),
    "getitimer": (36, 102),
    "setitimer": (38, 103),
    # who and when it is
    "getpid": (39, 172),
    "gettid": (186, 178),
    "getppid": (110, 173),
    "getpgrp": (111, None),
    "getpgid": (121, 155),
    "getsid": (124, 156),
    "getuid": (102, 174),
    "geteuid": (107, 175),
    "getgid": (104, 176),
    "getegid": (108, 177),
    "getresuid": (118, 148),
    "getresgid": (120, 150),
    "getgroups": (115, 158),
    "capget": (125, 90),
    "uname": (63, 160),
    "sysinfo": (99, 179),
    "getrlimit": (97, 163),
    "getrusage": (98, 165),
    "times": (100, 153),
    "time": (201, None),
    "gettimeofday": (96, 169),
    "clock_gettime": (228, 113),
    "clock_getres": (229, 114),
    "getcpu": (309, 168),
    "getrandom": (318, 278),
    # those that only some arguments make harmless
    "clone": (56, 220),
    "kill": (62, 129),
    "tgkill": (234, 131),
    "prlimit64": (302, 261),
    "open": (2, None),
    "openat": (257, 56),
    "prctl": (157, 167),
    "fcntl": (72, 25),
    "ioctl": (16, 29),
}
CLONE3 = 435  # answered ENOSYS, so that the C library falls back to `clone`, whose flags can be seen
NEWEST = 450  # what later kernels add is answered ENOSYS too, as an older kernel would; the rest EPERM

ARCHITECTURES = {"x86_64": (0, 0xC000003E), "aarch64": (1, 0xC00000B7)}  # column above, AUDIT_ARCH

EPERM, ENOSYS = 1, 38
ALLOW, ASK, KILL, ERRNO = 0x7FFF0000, 0x7FC00000, 0x80000000, 0x00050000
LOAD, JUMP_EQUAL, JUMP_GREATER, JUMP_BITS, RETURN = 0x20, 0x15, 0x25, 0x45, 0x06
NUMBER, ARCHITECTURE, ARGUMENTS = 0, 4, 16  # offsets in struct seccomp_data
PR_SET_NO_NEW_PRIVS, PR_SET_SECCOMP, MODE_FILTER = 38, 22, 2
SECCOMP = {"x86_64": 317, "aarch64": 277}  # the call itself, and its operation and flag
SET_MODE_FILTER, NEW_LISTENER = 1, 8

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
    if machine not in ARCHITECTURES:
        raise SeccompUnsupported(f"no table of system calls for {machine}")
    column, audit = ARCHITECTURES[machine]
    numbers = {name: both[column] for name, both in ALLOWED.items()}
    conditional = {rule.call for rule in rules(pid)}
    code = [
        step(LOAD, ARCHITECTURE),
        step(JUMP_EQUAL, audit, 1, 0),
        step(RETURN, KILL),
        step(LOAD, NUMBER),
    ]
    for name, number in numbers.items():
        if number is not None and name not in conditional:
            code += [step(JUMP_EQUAL, number, 0, 1), step(RETURN, ALLOW)]
    for rule in rules(pid):
        number = numbers[rule.call]
        if number is not None:
            code += permission(rule, number, clone if rule.call == "clone" else ALLOW)
    return b"".join([
        *code,
        step(JUMP_EQUAL, CLONE3, 1, 0),
        step(JUMP_GREATER, NEWEST, 0, 1),  # also the x32 numbers, which start at 2**30
        step(RETURN, ERRNO | ENOSYS),
        step(RETURN, ERRNO | EPERM),
    ])  # fmt: skip


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
        raise refused()
    if ask and can_ask():
        listener = libc.syscall(SECCOMP[platform.machine()], SET_MODE_FILTER, NEW_LISTENER, prepared(ASK))
        if listener >= 0:
            return int(listener)
        if ctypes.get_errno() != errno.EBUSY:  # whoever started us listens already, and there may be one only
            raise refused()
    if libc.prctl(PR_SET_SECCOMP, MODE_FILTER, prepared(ALLOW), 0, 0) != 0:
        raise refused()
    return None


class Filter(ctypes.Structure):
    """What the kernel takes: how many steps, and where they are."""

    _fields_ = (("steps", ctypes.c_ushort), ("code", ctypes.c_char_p))


def prepared(clone: int) -> Any:
    code = program(os.getpid(), platform.machine(), clone=clone)
    return ctypes.byref(Filter(len(code) // 8, code))


def refused() -> OSError:
    number = ctypes.get_errno()
    return OSError(number, f"seccomp: {os.strerror(number)}")


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
