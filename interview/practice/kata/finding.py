"""The files of a batch: those that were named, and those below the folders that were named."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from enum import Enum, auto
from pathlib import Path, PurePath

from interview.dataclass import dataclass
from interview.errors import UsageError
from interview.practice.kata.submission import may_enter

PATTERN = "*.py"
CACHE = "__pycache__"
ENVIRONMENT = ("pyvenv.cfg", "conda-meta")  # what a virtual environment has in its folder


class Kind(Enum):
    FOLDER = auto()
    LINK_TO_FOLDER = auto()
    OTHER = auto()


@dataclass(frozen=True, slots=True)
class Found:
    """Each file once, in order, with the folder that its reading must not leave; and what was passed over: hidden files
    and folders, caches, virtual environments, links to folders."""

    files: tuple[tuple[Path, Path], ...]
    passed_over: tuple[Path, ...]


def find_submissions(paths: Iterable[Path], pattern: str = PATTERN) -> Found:
    """The files named, and what matches `pattern` below the folders named.

    Whatever has such a name is found, a file or not, and so is a folder that cannot be entered: its reading tells what
    is wrong. Raises UsageError for a path that is not there, and where nothing is found.
    """
    named = [each.absolute() for each in paths]
    refuse(named, pattern)
    given = common_folder(named)
    files: dict[tuple[str, str], tuple[Path, Path]] = {}
    passed_over: dict[Path, None] = {}
    for path in named:
        inside = Path(os.path.realpath(path)).is_relative_to(os.path.realpath(given))
        is_folder = inside and leads_to_folder(path)
        inner, beside = below(path, pattern) if is_folder else ([path], [])
        within = path if is_folder else path.parent if inside else given
        for each in inner:
            files.setdefault((os.path.realpath(each.parent), each.name), (each, within))
        passed_over |= dict.fromkeys(beside)
    if not files:
        aside = f" ({len(passed_over)} hidden or in caches passed over)" if passed_over else ""
        aside_zh = f"（跳过了 {len(passed_over)} 个隐藏的或缓存里的）" if passed_over else ""
        raise UsageError(
            f"nothing in these folders matches {pattern}{aside}; --pattern names others",
            f"这些文件夹里没有符合 {pattern} 的文件{aside_zh}；可用 --pattern 另选",
        )
    return Found(tuple(files.values()), tuple(passed_over))


def refuse(named: Sequence[Path], pattern: str) -> None:
    try:
        PurePath("x").match(pattern)
    except ValueError:
        raise UsageError(
            f"--pattern is a pattern of file names, like {PATTERN}, not {pattern!r}",
            f"--pattern 是 {PATTERN} 这样的文件名模式，不能是 {pattern!r}",
        ) from None
    for path in named:
        try:
            path.lstat()
        except (FileNotFoundError, NotADirectoryError):
            raise UsageError(f"there is no {path}", f"没有 {path}") from None
        except OSError:
            pass  # nobody can tell; its reading will say why


def common_folder(named: Sequence[Path]) -> Path:
    """The innermost folder that holds all that was named; a folder that was named alone is that folder.

    A pattern of the shell names links as well: one that leads out of here is not followed.
    """
    try:
        common = os.path.commonpath([os.path.normpath(each) for each in named])
    except ValueError:  # on several drives
        return Path(named[0].anchor)
    return Path(common) if leads_to_folder(Path(common)) else Path(common).parent


def below(folder: Path, pattern: str) -> tuple[list[Path], list[Path]]:
    """What matches below the folder, in order, and what was passed over. Links to folders are not entered."""
    found: list[Path] = []
    passed_over: list[Path] = []
    namesakes: list[Path] = []  # folders with a submission's name: submissions only if nothing is found in them
    ahead = [folder]
    while ahead:
        here = ahead.pop()
        entries = entries_of(here)
        if entries is None:
            found.append(here)
            continue
        for entry in entries:
            path = here / entry.name
            matches = path.relative_to(folder).match(pattern)
            match kind_of(entry):
                case Kind.FOLDER if is_aside(path):
                    passed_over.append(path)
                case Kind.FOLDER:
                    ahead.append(path)
                    namesakes += [path] if matches else []
                case Kind.LINK_TO_FOLDER if not matches:
                    passed_over.append(path)
                case Kind.LINK_TO_FOLDER | Kind.OTHER if matches:
                    (passed_over if is_hidden(path, pattern) else found).append(path)
                case Kind.LINK_TO_FOLDER | Kind.OTHER:
                    pass
    entered = {above for path in found for above in path.parents}
    return sorted([*found, *(each for each in namesakes if each not in entered)]), sorted(passed_over)


def entries_of(folder: Path) -> list[os.DirEntry[str]] | None:
    """None if it cannot be entered."""
    try:
        with os.scandir(folder) as entries:
            return list(entries) if may_enter(folder) else None
    except OSError:
        return None


def kind_of(entry: os.DirEntry[str]) -> Kind:
    try:
        if entry.is_dir(follow_symlinks=False):
            return Kind.FOLDER
        return Kind.LINK_TO_FOLDER if entry.is_symlink() and entry.is_dir() else Kind.OTHER
    except OSError:  # a link into the dark
        return Kind.OTHER


def is_aside(folder: Path) -> bool:
    """Is it a folder whose files nobody wrote as submissions?"""
    name = folder.name
    return name.startswith(".") or name == CACHE or any(os.path.lexists(folder / each) for each in ENVIRONMENT)


def is_hidden(file: Path, pattern: str) -> bool:
    """A pattern that asks for hidden files gets them."""
    return file.name.startswith(".") and not PurePath(pattern).name.startswith(".")


def leads_to_folder(path: Path) -> bool:
    """As `is_dir`, which raises where a folder on the way may not be entered."""
    return os.path.isdir(path)  # noqa: PTH112
