"""A process gives up its rights, for good, before a stranger's code runs in it.

Layers, in the order they must be taken: a session of its own, output into a capped file, no other descriptor, an
empty environment, limits, Landlock, capabilities, the parent-death signal, seccomp. A layer that this machine
supports and that cannot be applied raises LockdownFailed: no verdict is better than one from an open door. A layer
that the machine does not have is named in `Layers.missing`.
"""

from __future__ import annotations

import ctypes
import errno
import os
import platform
import signal
import sys
import sysconfig
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from interview.grading import seccomp

LAYERS = ("session", "output", "descriptors", "environment", "limits", "files", "capabilities", "orphan", "calls")

RECENT = 2000  # characters of what one request printed
OUTPUT_LIMIT = 1 << 20  # bytes a worker may write, wherever to
OPEN_FILES = 64
LAST_CAPABILITY = 63
PR_SET_PDEATHSIG, PR_SET_DUMPABLE, PR_CAPBSET_DROP, PR_CAP_AMBIENT, CAP_AMBIENT_CLEAR_ALL = 1, 4, 24, 47, 4
CAPABILITY_VERSION_3 = 0x20080522


class LockdownFailed(Exception):
    """A layer that this machine supports could not be applied."""


@dataclass(frozen=True, slots=True)
class Layers:
    held: tuple[str, ...]
    missing: tuple[str, ...]


def apply(files: Files | None, *, output: int, keep: tuple[int, ...], parent: int) -> Layers:
    """Give up everything a worker does not need.

    `files` are the Landlock rules made ready beforehand (None without Landlock), `output` the descriptor that takes
    what is printed, `keep` the descriptors that stay open, `parent` the process whose death must end this one.
    """
    held = ["session", "output", "descriptors", "environment"]
    missing = []
    os.setsid()
    take_output(output)
    close_others(keep if files is None else (*keep, files.rules.fileno()))
    os.environ.clear()
    os.environ["TORCHINDUCTOR_CACHE_DIR"] = "/"  # parts of torch, imported late, want a folder that exists
    os.chdir("/")
    with layer("limits"):
        limit(keep_memory=True)
    held.append("limits")
    if files is None:
        missing.append("files")
    else:
        with layer("files"):
            files.restrict()
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
            seccomp.apply()
        held.append("calls")
    else:
        missing.append("calls")
    return Layers(tuple(held), tuple(missing))


def apply_portable(*, keep: tuple[int, ...]) -> Layers:
    """What can be given up without a kernel's help, in a spawned process whose standard error is the capped file."""
    held = ["session", "output", "environment"]
    if sys.platform == "win32":
        sys.stdin = open(os.devnull, encoding="utf-8")  # noqa: SIM115, PTH123
        sys.stdout = sys.stderr = Capped(2)
    else:
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
            raise LockdownFailed(f"{self.name}: {error}") from error


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
    if sys.platform == "win32":
        return
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
        lower(resource.RLIMIT_CPU, int(seconds) + 2)


def lower(which: int, value: int) -> None:
    import resource

    _, hard = resource.getrlimit(which)
    bound = value if hard == resource.RLIM_INFINITY else min(value, hard)
    resource.setrlimit(which, (bound, bound))


def mapped() -> int:
    """Bytes of address space in use now, or a generous guess where /proc is missing. Ask before it is closed."""
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[0])
        return pages * os.sysconf("SC_PAGE_SIZE")
    except OSError:
        return 2 << 30


def drop_capabilities() -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    for capability in range(LAST_CAPABILITY + 1):
        if libc.prctl(PR_CAPBSET_DROP, capability, 0, 0, 0) != 0 and ctypes.get_errno() not in (
            errno.EINVAL,
            errno.EPERM,
        ):
            raise OSError(ctypes.get_errno(), "the bounding set could not be emptied")
    libc.prctl(PR_CAP_AMBIENT, CAP_AMBIENT_CLEAR_ALL, 0, 0, 0)
    header = (ctypes.c_uint32 * 2)(CAPABILITY_VERSION_3, 0)
    empty = (ctypes.c_uint32 * 6)()
    if libc.capset(ctypes.byref(header), ctypes.byref(empty)) != 0:
        raise OSError(ctypes.get_errno(), "capset failed")


def die_with(parent: int) -> None:
    """SIGKILL when the parent dies. A change of credentials would clear it, so it comes after the capabilities."""
    libc = ctypes.CDLL(None, use_errno=True)
    # Not dumpable: a limit of zero keeps no core from a handler such as systemd's, which is a pipe.
    if libc.prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0 or libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "prctl failed")
    if os.getppid() != parent:  # it died before we asked
        os._exit(1)


class Files:
    """Landlock rules, made ready once and taken by each worker: Python and torch can be read, nothing be written.

    `barred` (the content, the package) stays closed even where it lies inside the interpreter's own folders.
    """

    def __init__(self, barred: tuple[Path, ...]) -> None:
        from landlockpy import AccessFS, Ruleset, Scope, abi_version, fs_for_abi, net_for_abi, scope_for_abi

        version = min(abi_version(), 9)
        scoped = scope_for_abi(version) if version >= 6 else Scope.NONE
        # Handled rights are named and best_effort is off: the library's default drops in silence what it cannot do.
        self.rules = Ruleset(
            handled_fs=fs_for_abi(version), handled_net=net_for_abi(version), scoped=scoped, best_effort=False
        )
        read = AccessFS.READ_FILE | AccessFS.READ_DIR
        barred = tuple(beside_imports(barred))
        for path in readable(barred):
            with suppress(FileNotFoundError, PermissionError, NotADirectoryError):
                self.rules.allow_path(path, read if path.is_dir() else AccessFS.READ_FILE)
        for folder in import_folders():  # names may be listed, for imports; what they name stays closed
            with suppress(FileNotFoundError, PermissionError, NotADirectoryError):
                if folder.is_dir() and not any(folder.is_relative_to(each) for each in barred):
                    self.rules.allow_path(folder, AccessFS.READ_DIR)

    def restrict(self) -> None:
        self.rules.restrict()
        self.rules.close()


def landlock(barred: tuple[Path, ...]) -> Files | None:
    """The rules, or None where the kernel has no Landlock. Raises LockdownFailed when it has but refuses them."""
    if platform.system() != "Linux":
        return None
    from landlockpy import abi_version

    if not abi_version():
        return None
    with layer("files"):
        return Files(barred)
    raise AssertionError


SYSTEM_FILES = (
    "/dev/null", "/dev/zero", "/dev/urandom", "/dev/random", "/etc/ld.so.cache", "/etc/localtime",
    "/usr/share/zoneinfo", "/proc/cpuinfo", "/proc/meminfo", "/sys/devices/system/cpu", "/sys/fs/cgroup/cpu.max",
)  # fmt: skip


INSTALLED = ("site-packages", "dist-packages")


def import_folders() -> list[Path]:
    """Where Python finds its own modules and the installed ones.

    Not what a `.pth` adds to the path: that is somebody's project, with whatever lies beside its modules.
    """
    library = Path(os.__file__).resolve().parent
    paths = {Path(each).resolve() for each in sys.path if each}
    found = {each for each in paths if each.name in INSTALLED or each.suffix == ".zip" or each.is_relative_to(library)}
    found |= {Path(sysconfig.get_path(name)).resolve() for name in ("stdlib", "platstdlib", "purelib", "platlib")}
    torch = sys.modules.get("torch")
    if torch is not None and torch.__file__ is not None:  # it may have been built in place
        found.add(Path(torch.__file__).resolve().parent)
    return sorted(found)


def beside_imports(barred: tuple[Path, ...]) -> Iterator[Path]:
    """What is barred, but of a folder that holds the environment itself (`.venv` in a checkout) its content only."""
    folders = import_folders()
    for each in (path.resolve() for path in barred):
        if any(folder.is_relative_to(each) for folder in folders):
            yield from (each / "katas", each / "questions")
        else:
            yield each


def readable(barred: tuple[Path, ...]) -> Iterator[Path]:
    """The files and folders a worker may read: the interpreter, its modules, the shared libraries under them."""
    closed = (*barred, Path(__file__).resolve().parent.parent)
    libraries = [Path(each) for each in ("/lib", "/lib64", "/usr/lib", "/usr/lib64", "/usr/local/lib")]
    base = Path(sys.base_prefix).resolve() / "lib"
    shared = [each for each in (*libraries, base) if each.is_dir()]
    for folder in import_folders():
        yield from open_parts(folder, closed)
    for folder in shared:
        for part in folder.iterdir():
            if part.name.endswith("linux-gnu") or ".so" in part.name:
                yield from open_parts(part.resolve(), closed)
    yield from (Path(each) for each in SYSTEM_FILES)


def open_parts(path: Path, closed: tuple[Path, ...]) -> Iterator[Path]:
    """`path`, or those of its parts that neither are nor hold a closed one."""
    if any(path.is_relative_to(each) for each in closed):
        return
    if not any(each.is_relative_to(path) for each in closed):
        yield path
        return
    for part in sorted(path.iterdir()):
        if not part.is_symlink():
            yield from open_parts(part, closed)


def unsupported() -> list[str]:
    """The layers that keep a hostile submission from doing harm and that this machine does not have."""
    if platform.system() != "Linux":
        return ["files", "calls"]
    from landlockpy import abi_version

    return ([] if abi_version() else ["files"]) + ([] if seccomp.supported() else ["calls"])
