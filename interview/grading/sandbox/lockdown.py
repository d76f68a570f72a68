"""The lockdown: a process gives up its rights, for good, before a stranger's code runs in it.

Layers, in the order they must be taken: a session of its own, output into a capped file, no other descriptor, an
empty environment, limits, namespaces, Landlock, capabilities, the parent-death signal, seccomp. A layer that this
machine supports and that cannot be applied raises LockdownFailed: no verdict is better than one from an open door. A
layer that the machine does not have is named in `Layers.missing`; only the namespaces may fail, for none leans on them.
"""

from __future__ import annotations

import ctypes
import errno
import os
import platform
import signal
import socket
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

from interview.dataclass import dataclass
from interview.grading.deadlines import WORKER_CPU
from interview.grading.kernel.limits import RECENT, lower
from interview.grading.kernel.refusal import refused, why
from interview.grading.messages.events import Layers, Unlocked
from interview.grading.sandbox import namespaces, seccomp
from interview.grading.sandbox.readable import Readable
from interview.text import Text

LAYERS = ("session", "output", "descriptors", "environment", "limits", "files", "capabilities", "orphan", "calls")
FURTHER = ("namespaces",)  # taken where they are to be had; no verdict depends on them, so none names them as missing

OUTPUT_LIMIT = 1 << 20  # bytes a worker may write, wherever to
OPEN_FILES = 64
LAST_CAPABILITY = 63
PR_SET_PDEATHSIG, PR_SET_DUMPABLE, PR_CAPBSET_DROP, PR_CAP_AMBIENT, CAP_AMBIENT_CLEAR_ALL = 1, 4, 24, 47, 4
PR_SET_NO_NEW_PRIVS, LANDLOCK_RESTRICT_SELF = 38, 446
CAPABILITY_VERSION_3 = 0x20080522


class LockdownFailed(Exception):
    """A layer that this machine supports could not be applied."""

    def __init__(self, unlocked: Unlocked) -> None:
        super().__init__(unlocked.said.en)
        self.unlocked = unlocked


@dataclass(frozen=True, slots=True)
class Ground:
    """What was made ready before the first worker, as descriptors: the Landlock rules (None without Landlock) and the
    namespaces, which a process `keeper` keeps.

    `failed`: why a layer that this machine supports could not be; `lacking`: why there are no namespaces, though they
    are `granted` here or because they are not.
    """

    files: int | None = None
    namespaces: tuple[int, ...] = ()
    keeper: int | None = None
    failed: Unlocked | None = None
    lacking: Text | None = None
    granted: bool = True

    def close(self) -> None:
        for each in (*self.namespaces, *(() if self.files is None else (self.files,))):
            os.close(each)


def apply(
    ground: Ground, *, output: int, keep: tuple[int, ...], parent: int, bell: socket.socket | None = None
) -> Layers:
    """Give up everything a worker does not need.

    `ground` is what was made ready beforehand, `output` the descriptor that takes what is printed, `keep` the
    descriptors that stay open, `parent` the process whose death must end this one. On `bell` a doorman is sent what he
    answers new threads with.
    """
    if ground.failed:
        raise LockdownFailed(ground.failed)
    held = ["session", "output", "descriptors", "environment"]
    missing = []
    os.setsid()
    die_first()
    take_output(output)
    own = (ground.files, None if bell is None else bell.fileno(), *ground.namespaces)
    close_others((*keep, *(each for each in own if each is not None)))
    os.environ.clear()
    os.environ["TORCHINDUCTOR_CACHE_DIR"] = "/"  # parts of torch, imported late, want a folder that exists
    os.chdir("/")
    with layer("limits"):
        limit(keep_memory=True)
    held.append("limits")
    if ground.namespaces:
        with layer("namespaces"):
            namespaces.enter(ground.namespaces)
        held.append("namespaces")
    if ground.files is None:
        missing.append("files")
    else:
        with layer("files"):
            restrict_files(ground.files)
        held.append("files")
    if platform.system() == "Linux":
        with layer("capabilities"):
            drop_capabilities()
        with layer("orphan"):
            die_with(parent)
        held += ["capabilities", "orphan"]
    else:
        missing += ["capabilities", "orphan"]
    if seccomp.supported():
        with layer("calls"):
            listener = seccomp.apply(ask=bell is not None)
            if bell is not None and listener is not None:
                socket.send_fds(bell, [b"!"], [listener])
                os.close(listener)
        held.append("calls")
    else:
        missing.append("calls")
    return Layers(tuple(held), tuple(missing))


def apply_portable(*, keep: tuple[int, ...]) -> Layers:
    """What can be given up without a kernel's help, in a spawned process whose standard error is the capped file."""
    held = ["session", "output", "environment"]
    take_output(2)
    close_others(keep)
    with layer("limits"):
        limit(keep_memory=True)
    held += ["descriptors", "limits"]
    os.environ.clear()
    os.chdir(Path(sys.executable).anchor)
    return Layers(tuple(held), tuple(each for each in LAYERS if each not in held))


class layer:  # noqa: N801  (reads as a statement: `with layer("files"):`)
    """Whatever goes wrong inside is LockdownFailed, with the layer's name."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if error is not None:
            raise LockdownFailed(Unlocked(self.name, why(error))) from error


def take_output(output: int) -> None:
    """Standard input gives nothing; standard output and error end in `output`. Python's own writers drop the rest."""
    null = os.open(os.devnull, os.O_RDONLY)
    os.dup2(null, 0)
    os.dup2(output, 1)
    os.dup2(output, 2)
    sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115
    sys.stdout = sys.stderr = Capped(1)


class Capped:
    """A text stream that keeps the first `limit` characters and drops the rest in silence: printing is no crime."""

    encoding = "utf-8"
    errors = "replace"

    def __init__(self, descriptor: int, limit: int = 64 * 1024) -> None:
        self.descriptor = descriptor
        self.left = limit
        self.recent = ""  # the last of what was written since somebody emptied it

    def write(self, text: str) -> int:
        self.recent = (self.recent + text[-RECENT:])[-RECENT:]
        if self.left > 0:
            piece = text[: self.left]
            self.left -= len(piece)
            with suppress(OSError):
                os.write(self.descriptor, piece.encode("utf-8", "replace"))
        return len(text)

    def writelines(self, lines: Any) -> None:
        for line in lines:
            self.write(line)

    def flush(self) -> None:
        pass

    def isatty(self) -> bool:
        return False

    def writable(self) -> bool:
        return True

    def fileno(self) -> int:
        return self.descriptor


def close_others(keep: tuple[int, ...]) -> None:
    first = 3
    for descriptor in sorted(each for each in keep if each > 2):
        os.closerange(first, descriptor)
        first = descriptor + 1
    os.closerange(first, 1 << 20)


def limit(*, keep_memory: bool = False, baseline: int = 0, memory_mib: int = 0, seconds: float = 0) -> None:
    """Limits of the process. Memory counts above `baseline`, in bytes: an idle worker maps some 750 MiB already."""
    import resource

    lower(resource.RLIMIT_CORE, 0)
    lower(resource.RLIMIT_FSIZE, OUTPUT_LIMIT)
    lower(resource.RLIMIT_NOFILE, OPEN_FILES)
    if hasattr(resource, "RLIMIT_MEMLOCK"):
        lower(resource.RLIMIT_MEMLOCK, 0)
    if hasattr(resource, "RLIMIT_MSGQUEUE"):
        lower(resource.RLIMIT_MSGQUEUE, 0)
    if hasattr(resource, "RLIMIT_SIGPENDING"):  # timers count here, and all of a user's processes share them
        lower(resource.RLIMIT_SIGPENDING, 0)
    if not keep_memory:
        lower(resource.RLIMIT_AS, baseline + (memory_mib << 20))
        lower(resource.RLIMIT_CPU, int(WORKER_CPU.of(seconds)))


def die_first() -> None:
    """Where memory is short, the kernel ends this process before any other. Where it cannot be told, it chooses."""
    with suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("1000")


def drop_capabilities() -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    for capability in range(LAST_CAPABILITY + 1):
        if libc.prctl(PR_CAPBSET_DROP, capability, 0, 0, 0) != 0 and ctypes.get_errno() not in (
            errno.EINVAL,
            errno.EPERM,
        ):
            raise refused("the bounding set could not be emptied", "bounding set 清不空")
    libc.prctl(PR_CAP_AMBIENT, CAP_AMBIENT_CLEAR_ALL, 0, 0, 0)
    header = (ctypes.c_uint32 * 2)(CAPABILITY_VERSION_3, 0)
    empty = (ctypes.c_uint32 * 6)()
    if libc.capset(ctypes.byref(header), ctypes.byref(empty)) != 0:
        raise refused("capset failed", "capset 失败")


def die_with(parent: int) -> None:
    """SIGKILL when the parent dies. A change of credentials would clear it, so it comes after the capabilities."""
    libc = ctypes.CDLL(None, use_errno=True)
    # Not dumpable: a limit of zero keeps no core from a handler such as systemd's, which is a pipe.
    if libc.prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0 or libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0) != 0:
        raise refused("prctl failed", "prctl 失败")
    if os.getppid() not in (parent, 0):  # it died before we asked. 0 in a pid namespace, which ends with its keeper
        os._exit(1)


def landlock(allowed: Readable) -> Any:
    """The rules that each worker takes: what is readable may be read, nothing be written.

    None where the kernel has no Landlock. Raises LockdownFailed when it has but refuses them.
    """
    if platform.system() != "Linux":
        return None
    from landlockpy import AccessFS, Ruleset, Scope, abi_version, fs_for_abi, net_for_abi, scope_for_abi

    if not abi_version():
        return None
    version = min(abi_version(), 9)
    scoped = scope_for_abi(version) if version >= 6 else Scope.NONE
    with layer("files"):
        # Handled rights are named and best_effort is off: the library's default drops in silence what it cannot do.
        rules = Ruleset(
            handled_fs=fs_for_abi(version), handled_net=net_for_abi(version), scoped=scoped, best_effort=False
        )
        for path in allowed.paths:
            rights = AccessFS.READ_FILE | AccessFS.READ_DIR if path.is_dir() else AccessFS.READ_FILE
            allow(rules, path, rights)
        allow_names(rules, allowed)
        return rules
    raise AssertionError


def allow_names(rules: Any, allowed: Readable) -> None:
    """The names in the folders where imports look may be listed."""
    from landlockpy import AccessFS

    for folder in () if rules is None else allowed.folders:
        allow(rules, folder, AccessFS.READ_DIR)


def allow(rules: Any, path: Path, rights: Any) -> None:
    with suppress(FileNotFoundError, PermissionError, NotADirectoryError):
        rules.allow_path(path, rights)


def restrict_files(rules: int) -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 or libc.syscall(LANDLOCK_RESTRICT_SELF, rules, 0) != 0:
        raise refused("Landlock's rules were refused", "Landlock 规则被拒绝")
    os.close(rules)


def unsupported() -> list[str]:
    """The layers that keep a hostile submission from doing harm and that this machine does not have."""
    if platform.system() != "Linux":
        return ["files", "calls"]
    from landlockpy import abi_version

    return ([] if abi_version() else ["files"]) + ([] if seccomp.supported() else ["calls"])
