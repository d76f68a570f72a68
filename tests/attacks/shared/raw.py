# System calls by number; a refusal is an OSError, so that the attack ends there.
import ctypes
import os

MARK = "/tmp/interview-attack-marker"
libc = ctypes.CDLL(None, use_errno=True)
NUMBERS = {
    "x86_64": {
        "rt_tgsigqueueinfo": 297, "getxattr": 191, "listxattr": 194, "ioctl": 16, "fcntl": 72, "prlimit64": 302,
        "sched_setaffinity": 203, "ptrace": 101, "unshare": 272, "mount": 165, "keyctl": 250, "add_key": 248,
        "io_uring_setup": 425, "process_vm_readv": 310, "pidfd_open": 434, "pidfd_send_signal": 424, "memfd_create": 319,
        "shmget": 29, "shmctl": 31, "mq_open": 240, "mincore": 27, "clone": 56, "prctl": 157, "setpriority": 141,
        "perf_event_open": 298, "bpf": 321, "userfaultfd": 323, "inotify_init1": 294, "open_by_handle_at": 304,
        "fork": 57, "vfork": 58, "name_to_handle_at": 303, "kill": 62, "tgkill": 234, "rt_sigqueueinfo": 129,
        "timer_create": 222, "landlock_create_ruleset": 444, "landlock_add_rule": 445,
    },
    "aarch64": {
        "rt_tgsigqueueinfo": 240, "getxattr": 8, "listxattr": 11, "ioctl": 29, "fcntl": 25, "prlimit64": 261,
        "sched_setaffinity": 122, "ptrace": 117, "unshare": 97, "mount": 40, "keyctl": 219, "add_key": 217,
        "io_uring_setup": 425, "process_vm_readv": 270, "pidfd_open": 434, "pidfd_send_signal": 424, "memfd_create": 279,
        "shmget": 194, "shmctl": 195, "mq_open": 180, "mincore": 232, "clone": 220, "prctl": 167, "setpriority": 140,
        "perf_event_open": 241, "bpf": 280, "userfaultfd": 282, "inotify_init1": 26, "open_by_handle_at": 265,
        "name_to_handle_at": 264, "kill": 129, "tgkill": 131, "rt_sigqueueinfo": 138,
        "timer_create": 107, "landlock_create_ruleset": 444, "landlock_add_rule": 445,
    },
}[os.uname().machine]


def call(name, *arguments):
    libc.syscall.restype = ctypes.c_long
    result = libc.syscall(NUMBERS[name], *(ctypes.c_long(each) if isinstance(each, int) else each for each in arguments))
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number), name)
    return result
