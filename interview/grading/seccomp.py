"""A small seccomp filter: the system calls that a worker has no use for are refused.

It covers what Landlock does not: processes, sockets, signals, modes and owners, shared memory, the machine itself.
Reading files is Landlock's business; opening one for writing is refused here as well, so that each layer alone
keeps the machine unharmed. Numbers from the kernel's `asm/unistd_64.h` and `asm-generic/unistd.h`. aarch64 could not
be tried.
"""

from __future__ import annotations

import ctypes
import os
import platform
import struct
from dataclasses import dataclass

# name: (x86-64, aarch64); None where the architecture has no such call
CALLS: dict[str, tuple[int | None, int | None]] = {
    # processes
    "fork": (57, None),
    "vfork": (58, None),
    "execve": (59, 221),
    "execveat": (322, 281),
    "ptrace": (101, 117),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
    "process_madvise": (440, 440),
    "process_mrelease": (448, 448),
    "kcmp": (312, 272),
    "pidfd_open": (434, 434),
    "pidfd_send_signal": (424, 424),
    "pidfd_getfd": (438, 438),
    "tkill": (200, 130),
    "rt_sigqueueinfo": (129, 138),
    "rt_tgsigqueueinfo": (297, 240),
    "setsid": (112, 157),
    "setpgid": (109, 154),
    # sockets and shared memory
    "socket": (41, 198),
    "socketpair": (53, 199),
    "connect": (42, 203),
    "bind": (49, 200),
    "listen": (50, 201),
    "accept": (43, 202),
    "accept4": (288, 242),
    "memfd_create": (319, 279),
    "memfd_secret": (447, 447),
    "shmget": (29, 194),
    "shmat": (30, 196),
    "shmctl": (31, 195),
    "shmdt": (67, 197),
    "msgget": (68, 186),
    "msgsnd": (69, 189),
    "msgrcv": (70, 188),
    "msgctl": (71, 187),
    "semget": (64, 190),
    "semop": (65, 193),
    "semctl": (66, 191),
    "semtimedop": (220, 192),
    "mq_open": (240, 180),
    "mq_unlink": (241, 181),
    "io_uring_setup": (425, 425),
    "io_uring_enter": (426, 426),
    "io_uring_register": (427, 427),
    "io_setup": (206, 0),
    "io_submit": (209, 2),
    # files: modes, owners, times, names
    "chmod": (90, None),
    "fchmod": (91, 52),
    "fchmodat": (268, 53),
    "chown": (92, None),
    "fchown": (93, 55),
    "lchown": (94, None),
    "fchownat": (260, 54),
    "truncate": (76, 45),
    "utime": (132, None),
    "utimes": (235, None),
    "utimensat": (280, 88),
    "futimesat": (261, None),
    "setxattr": (188, 5),
    "lsetxattr": (189, 6),
    "fsetxattr": (190, 7),
    "removexattr": (197, 14),
    "lremovexattr": (198, 15),
    "fremovexattr": (199, 16),
    "flock": (73, 32),  # a lock on a library, which anybody may read, keeps waiting whoever locks it too
    "getxattr": (191, 8),  # Landlock lets anybody ask: a download's address is kept there
    "lgetxattr": (192, 9),
    "fgetxattr": (193, 10),
    "listxattr": (194, 11),
    "llistxattr": (195, 12),
    "flistxattr": (196, 13),
    "link": (86, None),
    "linkat": (265, 37),
    "symlink": (88, None),
    "symlinkat": (266, 36),
    "mkdir": (83, None),
    "mkdirat": (258, 34),
    "mknod": (133, None),
    "mknodat": (259, 33),
    "rename": (82, None),
    "renameat": (264, 38),
    "renameat2": (316, 276),
    "unlink": (87, None),
    "unlinkat": (263, 35),
    "rmdir": (84, None),
    "creat": (85, None),
    "openat2": (437, 437),
    "name_to_handle_at": (303, 264),
    "open_by_handle_at": (304, 265),
    "fanotify_init": (300, 262),
    "inotify_init": (253, None),
    "inotify_init1": (294, 26),
    "sync": (162, 81),
    "syncfs": (306, 267),
    # the machine
    "mount": (165, 40),
    "umount2": (166, 39),
    "pivot_root": (155, 41),
    "chroot": (161, 51),
    "setns": (308, 268),
    "unshare": (272, 97),
    "landlock_create_ruleset": (444, 444),  # its own rules are taken; more are kernel memory that no limit counts
    "landlock_add_rule": (445, 445),
    "landlock_restrict_self": (446, 446),
    "swapon": (167, 224),
    "swapoff": (168, 225),
    "reboot": (169, 142),
    "init_module": (175, 105),
    "finit_module": (313, 273),
    "delete_module": (176, 106),
    "kexec_load": (246, 104),
    "kexec_file_load": (320, 294),
    "bpf": (321, 280),
    "perf_event_open": (298, 241),
    "userfaultfd": (323, 282),
    "keyctl": (250, 219),
    "add_key": (248, 217),
    "request_key": (249, 218),
    "acct": (163, 89),
    "quotactl": (179, 60),
    "quotactl_fd": (443, 443),
    "personality": (135, 92),
    "iopl": (172, None),
    "ioperm": (173, None),
    "modify_ldt": (154, None),
    "uselib": (134, None),
    "settimeofday": (164, 170),
    "clock_settime": (227, 112),
    "adjtimex": (159, 171),
    "clock_adjtime": (305, 266),
    "sethostname": (170, 161),
    "setdomainname": (171, 162),
    "syslog": (103, 116),
    "vhangup": (153, 58),
    "open_tree": (428, 428),
    "move_mount": (429, 429),
    "fsopen": (430, 430),
    "fsmount": (432, 432),
    "fsconfig": (431, 431),
    "fspick": (433, 433),
    "mount_setattr": (442, 442),
    # rights and shares of the processor
    "setuid": (105, 146),
    "setgid": (106, 144),
    "setreuid": (113, 145),
    "setregid": (114, 143),
    "setresuid": (117, 147),
    "setresgid": (119, 149),
    "setfsuid": (122, 151),
    "setfsgid": (123, 152),
    "setgroups": (116, 159),
    "setpriority": (141, 140),
    "sched_setaffinity": (203, 122),
    "sched_setscheduler": (144, 119),
    "sched_setparam": (142, 118),
    "sched_setattr": (314, 274),
    "ioprio_set": (251, 30),
    "migrate_pages": (256, 238),
    "move_pages": (279, 239),
    "mbind": (237, 235),
    "set_mempolicy": (238, 237),
    "set_mempolicy_home_node": (450, 450),
    # those that only some arguments make harmful
    "clone": (56, 220),
    "clone3": (435, 435),
    "kill": (62, 129),
    "tgkill": (234, 131),
    "prlimit64": (302, 261),
    "open": (2, None),
    "openat": (257, 56),
    "prctl": (157, 167),
    "fcntl": (72, 25),
    "ioctl": (16, 29),
    "seccomp": (317, 277),
}
NEWEST = 450  # what later kernels add is answered ENOSYS, as an older kernel would

ARCHITECTURES = {"x86_64": (0, 0xC000003E), "aarch64": (1, 0xC00000B7)}  # column above, AUDIT_ARCH

EPERM, ENOSYS = 1, 38
ALLOW, KILL, ERRNO = 0x7FFF0000, 0x80000000, 0x00050000
LOAD, JUMP_EQUAL, JUMP_GREATER, JUMP_BITS, RETURN = 0x20, 0x15, 0x25, 0x45, 0x06
NUMBER, ARCHITECTURE, ARGUMENTS = 0, 4, 16  # offsets in struct seccomp_data
PR_SET_NO_NEW_PRIVS, PR_SET_SECCOMP, MODE_FILTER = 38, 22, 2

CLONE_THREAD = 0x10000
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
PR_GET_DUMPABLE, PR_SET_NAME, PR_GET_NAME, PR_SET_VMA = 3, 15, 16, 0x53564D41  # threads and malloc name things
F_SETOWN, F_SETSIG, F_SETOWN_EX = 8, 10, 15  # a file that signals somebody else is a `kill` in disguise
F_SETLEASE, F_NOTIFY = 1024, 1026  # a lease on a library keeps everybody from writing it
F_SETLK, F_SETLKW, F_OFD_SETLK, F_OFD_SETLKW = 6, 7, 37, 38  # see flock
F_SETPIPE_SZ = 1031  # a user's pipes share one allowance
REFUSED_OF_A_FILE = (
    F_SETOWN, F_SETSIG, F_SETOWN_EX, F_SETLEASE, F_NOTIFY,
    F_SETLK, F_SETLKW, F_OFD_SETLK, F_OFD_SETLKW, F_SETPIPE_SZ,
)  # fmt: skip
# All that Python asks of a descriptor. Others change a file's flags, through one that was opened for reading.
TCGETS, TCGETS2, TIOCGWINSZ = 0x5401, 0x802C542A, 0x5413
FIONBIO, FIONREAD, FIONCLEX, FIOCLEX = 0x5421, 0x541B, 0x5450, 0x5451


class SeccompUnsupported(Exception):
    """This machine has no seccomp filters, or an architecture whose numbers are not known here."""


@dataclass(frozen=True, slots=True)
class Rule:
    """Refuse `call` when one of its arguments meets the condition: some of the bits of `values` are set (`without`:
    none is), it `equals` one of them, or is `other` than all of them."""

    call: str
    argument: int
    test: str
    values: tuple[int, ...]


def rules(pid: int) -> list[Rule]:
    """The calls that are harmful with some arguments only. A worker may signal, and limit, nobody but itself."""
    return [
        Rule("clone", 0, "without", (CLONE_THREAD,)),
        Rule("kill", 0, "other", (pid,)),
        Rule("tgkill", 0, "other", (pid,)),
        Rule("prlimit64", 0, "other", (0,)),
        Rule("open", 1, "bits", (WRITING,)),
        Rule("openat", 2, "bits", (WRITING,)),
        Rule("prctl", 0, "other", (PR_GET_DUMPABLE, PR_SET_NAME, PR_GET_NAME, PR_SET_VMA)),
        Rule("fcntl", 1, "equals", REFUSED_OF_A_FILE),
        Rule("ioctl", 1, "other", (TCGETS, TCGETS2, TIOCGWINSZ, FIONBIO, FIONREAD, FIONCLEX, FIOCLEX)),
    ]


def program(pid: int, machine: str) -> bytes:
    """The filter as BPF. Raises SeccompUnsupported for an architecture without a table."""
    if machine not in ARCHITECTURES:
        raise SeccompUnsupported(f"no table of system calls for {machine}")
    column, audit = ARCHITECTURES[machine]
    numbers = {name: both[column] for name, both in CALLS.items()}
    conditional = {rule.call for rule in rules(pid)}
    code = [
        step(LOAD, ARCHITECTURE),
        step(JUMP_EQUAL, audit, 1, 0),
        step(RETURN, KILL),
        step(LOAD, NUMBER),
        step(JUMP_GREATER, NEWEST, 0, 1),  # also the x32 numbers, which start at 2**30
        step(RETURN, ERRNO | ENOSYS),
    ]
    for name, number in numbers.items():
        if number is not None and name not in conditional:
            errno = ENOSYS if name == "clone3" else EPERM  # ENOSYS: glibc then falls back to clone
            code += [step(JUMP_EQUAL, number, 0, 1), step(RETURN, ERRNO | errno)]
    for rule in rules(pid):
        number = numbers[rule.call]
        if number is not None:
            code += refusal(rule, number)
    code.append(step(RETURN, ALLOW))
    return b"".join(code)


def refusal(rule: Rule, number: int) -> list[bytes]:
    """If the call is `number` and the condition holds, EPERM. Compares the argument's low 32 bits."""
    opcode = JUMP_BITS if rule.test in ("bits", "without") else JUMP_EQUAL
    refuse_when_met = rule.test in ("bits", "equals")
    count = len(rule.values)
    tests = []
    for n, value in enumerate(rule.values):
        left = count - 1 - n  # tests between this one and the refusal
        met, unmet = (left, 0 if left else 1) if refuse_when_met else (left + 1, 0)
        tests.append(step(opcode, value, met, unmet))
    return [
        step(JUMP_EQUAL, number, 0, count + 3),
        step(LOAD, ARGUMENTS + 8 * rule.argument),
        *tests,
        step(RETURN, ERRNO | EPERM),
        step(LOAD, NUMBER),
    ]


def step(opcode: int, value: int, when: int = 0, otherwise: int = 0) -> bytes:
    return struct.pack("HBBI", opcode, when, otherwise, value & 0xFFFFFFFF)


def apply() -> None:
    """Install the filter for this process, for good. Raises SeccompUnsupported, or OSError when the kernel refuses."""
    code = program(os.getpid(), platform.machine())
    libc = ctypes.CDLL(None, use_errno=True)
    if not supported():
        raise SeccompUnsupported("the kernel has no seccomp filters")
    buffer = ctypes.create_string_buffer(code, len(code))
    filter_ = struct.pack("HxxxxxxP", len(code) // 8, ctypes.addressof(buffer))
    for arguments in ((PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), (PR_SET_SECCOMP, MODE_FILTER, filter_, 0, 0)):
        if libc.prctl(*arguments) != 0:
            number = ctypes.get_errno()
            raise OSError(number, f"seccomp: {os.strerror(number)}")


def supported() -> bool:
    """Does the kernel know filters, and do we know its numbers? Asking changes nothing."""
    if platform.machine() not in ARCHITECTURES or platform.system() != "Linux":
        return False
    libc = ctypes.CDLL(None, use_errno=True)
    # A filter at address null: EFAULT where filters exist, EINVAL where they do not.
    return bool(libc.prctl(PR_SET_SECCOMP, MODE_FILTER, None, 0, 0) != 0 and ctypes.get_errno() == 14)
