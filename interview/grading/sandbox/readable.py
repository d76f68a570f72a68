"""The readable files of a worker: the standard library, what was installed into Python, shared libraries under them.

It is a list of what is allowed: names that the interpreter or an installed distribution vouches for, and of those none
that holds content of ours. Whatever else lies in the same folders, in a checkout or at home stays closed.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Collection, Iterable, Iterator
from importlib.util import find_spec
from pathlib import Path

from interview.dataclass import dataclass
from interview.grading.sandbox.our_content import Ours, listing

PACKAGE = Path(__file__).resolve().parents[2]
INSTALLED = ("site-packages", "dist-packages")
SYSTEM = ("/lib", "/lib64", "/usr/lib", "/usr/lib64", "/usr/local/lib")
SYSTEM_FILES = (
    "/dev/null", "/dev/zero", "/dev/urandom", "/dev/random", "/etc/ld.so.cache", "/etc/localtime",
    "/usr/share/zoneinfo", "/proc/cpuinfo", "/proc/meminfo", "/sys/devices/system/cpu", "/sys/fs/cgroup/cpu.max",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Readable:
    """`paths`, files and folders with all below them, may be read; the names in `folders` may be listed, for imports
    look there. `ways` are names under which some of them are looked for, by links."""

    paths: tuple[Path, ...]
    folders: tuple[Path, ...]
    ways: tuple[Path, ...]


def readable(barred: tuple[Path, ...]) -> Readable:
    """For workers of this interpreter. `barred` (content, packs) stays closed wherever it lies."""
    imports = {library(): modules(library())} | {each: claimed(each) for each in install_folders()}
    libraries = {Path(each).resolve() for each in (*SYSTEM, f"{sys.base_prefix}/lib")}
    ours = Ours((PACKAGE / "_content", PACKAGE.parent, *barred))
    never = {PACKAGE, *beside_imports(barred, imports)}
    paths = [Path(each).resolve() for each in SYSTEM_FILES]
    ways = [Path(each) for each in (*sys.path, *SYSTEM, *SYSTEM_FILES) if each]
    for folder, names in (imports | {each: shared(each) for each in libraries}).items():
        closed = Closed((*never, *ours.within(folder, names)))
        paths += [part for name in sorted(names) for part in closed.spare(resolved(folder / name))]
        ways += [folder / name for name in names if folder in libraries]
    folders = (each for each in imports if not Closed(never).hold(each))
    return Readable(tuple(paths), tuple(folders), tuple(ways))


def resolved(path: Path) -> Path:
    """In a folder that is resolved already, where few are links."""
    return path.resolve() if path.is_symlink() else path


def library() -> Path:
    return Path(os.__file__).resolve().parent


def modules(folder: Path) -> set[str]:
    """The standard library's own names in its folder, which may hold `site-packages` too."""
    own = {*sys.stdlib_module_names, "__pycache__", "lib-dynload"}
    return {each.name for each in listing(folder) if stem(each) in own or each.name.startswith("_sysconfigdata")}


def install_folders() -> Iterator[Path]:
    """Where packages are installed: not what a `.pth` adds to the path otherwise, which is somebody's project."""
    yield from (folder for each in sys.path if each and (folder := Path(each).resolve()).name in INSTALLED)
    torch = find_spec("torch")  # it may have been built in place
    if torch is not None and torch.origin is not None:
        yield Path(torch.origin).resolve().parent.parent


def claimed(folder: Path) -> set[str]:
    """The names in a folder that an installed distribution says are its own."""
    parts = listing(folder)
    infos = [each for each in parts if each.name.endswith((".dist-info", ".egg-info"))]
    names = {"torch"} | {name for info in infos for name in claims(info)}
    return {each.name for each in parts if not each.is_symlink() and (each.name in names or stem(each) in names)}


def claims(info: Path) -> Iterator[str]:
    """What a distribution's metadata claims: a list of its files, or at least of its modules, or its own name."""
    yield info.name
    for name in ("RECORD", "top_level.txt"):
        text = read(info / name)
        if text:
            tops = {line.partition("/")[0] for line in text.splitlines()}  # few, of many thousand lines
            yield from (top.partition(",")[0].strip('"') for top in tops)
            return
    yield info.name.partition("-")[0]


def shared(folder: Path) -> set[str]:
    """Shared libraries, the folders that Debian keeps them in, and a standard library in an archive."""
    zipped = f"python{sys.version_info.major}{sys.version_info.minor}.zip"
    names = (each.name for each in listing(folder))
    return {each for each in names if each.endswith("linux-gnu") or ".so" in each or each == zipped}


def stem(path: Path) -> str:
    return path.name.partition(".")[0]


def read(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8", "replace")
    except OSError:
        return ""


def beside_imports(barred: tuple[Path, ...], imports: Collection[Path]) -> Iterator[Path]:
    """What is barred, but of a folder that holds the environment itself (`.venv` in a checkout) its content only."""
    for each in (Path(os.path.realpath(path)) for path in barred):  # which a link in a circle does not trouble
        if any(folder.is_relative_to(each) for folder in imports):
            yield from (each / "katas", each / "questions")
        else:
            yield each


def lies_in(name: str, folders: Collection[str]) -> bool:
    """Is an absolute path one of `folders`, or below one? Asked some hundred times, for which `Path` is too slow."""
    while name and name not in folders:
        name = name.rpartition("/")[0]
    return bool(name)


class Closed:
    """Paths that stay closed with all below them."""

    def __init__(self, paths: Iterable[Path]) -> None:
        paths = set(paths)
        self.paths = {str(each) for each in paths}
        self.holders = {str(parent) for each in paths for parent in each.parents}

    def hold(self, path: Path) -> bool:
        return lies_in(str(path), self.paths)

    def spare(self, path: Path) -> Iterator[Path]:
        """`path`, or those of its parts that neither are nor hold a closed one."""
        if self.hold(path):
            return
        if str(path) not in self.holders:
            yield path
            return
        for part in sorted(path.iterdir()):
            if not part.is_symlink():
                yield from self.spare(part)
