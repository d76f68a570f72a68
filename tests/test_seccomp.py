"""The filter as a program: run here by a small interpreter, for both architectures, without a kernel."""

from __future__ import annotations

import os
import struct

import pytest

from interview.grading import seccomp

PID = 4242
MACHINES = sorted(seccomp.ARCHITECTURES)
ALLOW, EPERM, ENOSYS = seccomp.ALLOW, seccomp.ERRNO | seccomp.EPERM, seccomp.ERRNO | seccomp.ENOSYS
PTHREAD = 0x3D0F00  # CLONE_VM | FS | FILES | SIGHAND | THREAD | SYSVSEM | SETTLS | PARENT_SETTID | CHILD_CLEARTID
FORK, VFORK = 0x1200011, 0x4111

# name: (x86-64, aarch64). What a worker cannot do without.
NEEDED = {
    "read": (0, 63), "write": (1, 64), "close": (3, 57), "fstat": (5, 80), "lseek": (8, 62), "mmap": (9, 222),
    "mprotect": (10, 226), "munmap": (11, 215), "brk": (12, 214), "rt_sigaction": (13, 134),
    "rt_sigprocmask": (14, 135), "rt_sigreturn": (15, 139), "pread64": (17, 67), "madvise": (28, 233),
    "dup": (32, 23), "nanosleep": (35, 101), "getpid": (39, 172), "sendto": (44, 206), "recvfrom": (45, 207),
    "exit": (60, 93), "getcwd": (79, 17), "readlink": (89, None), "getrlimit": (97, 163), "sysinfo": (99, 179),
    "futex": (202, 98), "sched_getaffinity": (204, 123), "getdents64": (217, 61), "clock_gettime": (228, 113),
    "clock_nanosleep": (230, 115), "exit_group": (231, 94), "newfstatat": (262, 79), "set_robust_list": (273, 99),
    "getrandom": (318, 278), "statx": (332, 291), "rseq": (334, 293), "sched_yield": (24, 124),
    "mremap": (25, 216), "pipe2": (293, 59), "poll": (7, None), "ppoll": (271, 73),
}  # fmt: skip


def run(code: bytes, number: int, arguments: tuple[int, ...] = (), *, audit: int) -> int:
    """What the kernel would answer: classic BPF over struct seccomp_data."""
    padded = (*arguments, *[0] * (6 - len(arguments)))
    data = struct.pack("iIQ6Q", number, audit, 0, *(each & 0xFFFFFFFFFFFFFFFF for each in padded))
    steps = [struct.unpack_from("HBBI", code, at) for at in range(0, len(code), 8)]
    accumulator, at = 0, 0
    while True:
        opcode, when, otherwise, value = steps[at]
        at += 1
        if opcode == seccomp.LOAD:
            (accumulator,) = struct.unpack_from("I", data, value)
        elif opcode == seccomp.RETURN:
            return int(value)
        else:
            met = {
                seccomp.JUMP_EQUAL: accumulator == value,
                seccomp.JUMP_GREATER: accumulator > value,
                seccomp.JUMP_BITS: bool(accumulator & value),
            }[opcode]
            at += when if met else otherwise


class Filter:
    def __init__(self, machine: str) -> None:
        self.column, self.audit = seccomp.ARCHITECTURES[machine]
        self.code = seccomp.program(PID, machine)

    def number(self, name: str) -> int | None:
        return (seccomp.CALLS.get(name) or NEEDED[name])[self.column]

    def answer(self, name: str, *arguments: int) -> int | None:
        number = self.number(name)
        return None if number is None else run(self.code, number, arguments, audit=self.audit)


@pytest.fixture(params=MACHINES)
def filtered(request: pytest.FixtureRequest) -> Filter:
    return Filter(request.param)


CONDITIONAL = {rule.call for rule in seccomp.rules(PID)}


@pytest.mark.parametrize("name", sorted(set(seccomp.CALLS) - CONDITIONAL))
def test_a_listed_call_is_refused(name: str, filtered: Filter) -> None:
    """Each call of the table that no argument makes harmless is refused on each architecture that has it."""
    expected = ENOSYS if name == "clone3" else EPERM
    assert filtered.answer(name) in (expected, None)


@pytest.mark.parametrize("name", sorted(NEEDED))
def test_what_python_needs_is_allowed(name: str, filtered: Filter) -> None:
    """Reading, memory, threads and time are left."""
    assert filtered.answer(name) in (ALLOW, None)


def test_threads_but_no_processes(filtered: Filter) -> None:
    """`clone` only as a thread; `clone3` is unknown, so that the C library falls back to `clone`."""
    assert filtered.answer("clone", PTHREAD) == ALLOW
    for flags in (FORK, VFORK, 17, 0, 0x10000000 | 17):
        assert filtered.answer("clone", flags) == EPERM


@pytest.mark.parametrize("name", ["kill", "tgkill"])
def test_signals_only_to_itself(name: str, filtered: Filter) -> None:
    """No other process, no group, not everybody."""
    assert filtered.answer(name, PID, 2) == ALLOW
    for target in (1, 0, -1, -PID, PID + 1):
        assert filtered.answer(name, target, 9) == EPERM


def test_no_signal_by_another_door(filtered: Filter) -> None:
    """Queued signals, pidfds and owned descriptors are kill in disguise."""
    for name in ("rt_sigqueueinfo", "rt_tgsigqueueinfo", "tkill", "pidfd_open", "pidfd_send_signal"):
        assert filtered.answer(name, PID) == EPERM
    for command in (seccomp.F_SETOWN, seccomp.F_SETSIG, seccomp.F_SETOWN_EX):
        assert filtered.answer("fcntl", 3, command) == EPERM


def test_files_open_for_reading_only(filtered: Filter) -> None:
    """No flag that writes, creates, truncates, appends, or makes an unnamed file."""
    for flags in (os.O_RDONLY, os.O_RDONLY | os.O_CLOEXEC | os.O_DIRECTORY, os.O_RDONLY | os.O_NONBLOCK):
        assert filtered.answer("openat", -100, 0, flags) == ALLOW
        assert filtered.answer("open", 0, flags) in (ALLOW, None)
    tmpfile = getattr(os, "O_TMPFILE", 0o20200000)
    for flags in (os.O_WRONLY, os.O_RDWR, os.O_CREAT, os.O_TRUNC, os.O_APPEND, 3, tmpfile | os.O_RDWR):
        assert filtered.answer("openat", -100, 0, flags) == EPERM
        assert filtered.answer("open", 0, flags) in (EPERM, None)


def test_descriptors_are_asked_harmless_things_only(filtered: Filter) -> None:
    """Of ioctl and fcntl: what Python's own files and sockets use; no file flags, no leases, no notices."""
    for command in (
        0x5401,
        0x5413,
        0x5421,
        0x541B,
        0x5450,
        0x5451,
    ):  # TCGETS TIOCGWINSZ FIONBIO FIONREAD FIONCLEX FIOCLEX
        assert filtered.answer("ioctl", 3, command) == ALLOW
    for command in (0x40086602, 0x401C5820, 0x40806685, 0x5412, 0x8901, 0x8902, 0x40049409):
        assert filtered.answer("ioctl", 3, command) == EPERM
    for command in (0, 1, 2, 3, 4, 1030):  # F_DUPFD … F_SETFL, F_DUPFD_CLOEXEC
        assert filtered.answer("fcntl", 3, command) == ALLOW
    for command in (1024, 1026):  # F_SETLEASE, F_NOTIFY
        assert filtered.answer("fcntl", 3, command) == EPERM


def test_limits_of_itself_only(filtered: Filter) -> None:
    """prlimit64 with pid 0 is setrlimit; with any other it would starve somebody else."""
    assert filtered.answer("prlimit64", 0, 7) == ALLOW
    assert filtered.answer("prlimit64", 1, 7) == EPERM


def test_its_leash_stays_on(filtered: Filter) -> None:
    """prctl cannot take back the parent-death signal or the ban on core dumps, share pages or move the program."""
    for option in (1, 4, 35, 62, 67):  # PDEATHSIG, DUMPABLE, MM, SCHED_CORE, MEMORY_MERGE
        assert filtered.answer("prctl", option, 0) == EPERM
    assert filtered.answer("prctl", 15) == ALLOW  # PR_SET_NAME: threads use it


def test_unknown_numbers_are_unknown(filtered: Filter) -> None:
    """What a newer kernel adds, and the x32 numbers, are answered as an older kernel would."""
    for number in (seccomp.NEWEST + 1, 1000, 0x40000000, 0x40000000 + 57, 0xFFFFFFFF - (1 << 32)):
        assert run(filtered.code, number, audit=filtered.audit) == ENOSYS


def test_another_architecture_is_killed(filtered: Filter) -> None:
    """32-bit calls (int 0x80) have other numbers: the process ends."""
    for audit in (0x40000003, 0x40000028, 0):
        assert run(filtered.code, 1, audit=audit) == seccomp.KILL


def test_no_table_no_filter() -> None:
    """An architecture without numbers is refused, not guessed."""
    with pytest.raises(seccomp.SeccompUnsupported):
        seccomp.program(PID, "riscv64")


def test_jumps_stay_inside() -> None:
    """Every path ends in a return; the program is shorter than the kernel's 4,096 steps."""
    for machine in MACHINES:
        code = seccomp.program(PID, machine)
        steps = [struct.unpack_from("HBBI", code, at) for at in range(0, len(code), 8)]
        assert len(steps) < 4096
        assert steps[-1][0] == seccomp.RETURN
        for at, (opcode, when, otherwise, _) in enumerate(steps):
            if opcode not in (seccomp.RETURN, seccomp.LOAD):
                assert at + 1 + max(when, otherwise) < len(steps)
