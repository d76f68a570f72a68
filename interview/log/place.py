"""The place of the log: is it still the file that was opened, and how another takes its place, wholly or not at all.

What takes its place is gathered in a folder of the home that one process holds. Its moves are written down before the
first is made, and struck out after the last: whoever opens the history after a process was killed in between takes
them back.
"""

from __future__ import annotations

import errno
import fcntl
import json
import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from itertools import count
from pathlib import Path, PurePath

from interview.errors import StoreError, Unwritable, in_chinese
from interview.log.file import beside, first_bytes, is_there

AREA, MOVES = ".restoring", "moves.json"
LARGEST_NOTE = 1 << 16  # bytes
Place = tuple[tuple[int, int] | None, ...]
Move = tuple[Path, Path]


def place_of(path: Path) -> Place:
    """Which file lies at the path, and which -wal and -shm beside it; None for what is not there."""
    return tuple(map(identity, (path, *beside(path))))


def identity(path: Path) -> tuple[int, int] | None:
    try:
        state = path.stat()
    except OSError:
        return None
    return state.st_dev, state.st_ino


def refuse_displaced(path: Path, opened: Place) -> None:
    """Nothing may be written to a file that lies elsewhere by now: nobody would look for it there."""
    found = place_of(path)
    if found == opened:
        return
    if found[0] is None:
        raise StoreError(
            f"{path} was moved or deleted meanwhile: nothing was written; bring it back, or begin anew",
            f"{path} 中途被移走或删除：没有写入任何东西；请找回它，或重新开始",
        )
    raise StoreError(
        f"{path} was replaced meanwhile: nothing was written; leave, and begin again with what is there now",
        f"{path} 中途被替换：没有写入任何东西；请退出，用现在的文件重新开始",
    )


def is_left(opened: Place, found: Place) -> bool:
    """Does nothing of another history lie where this one was? SQLite deletes a -wal by its name when it closes."""
    return all(now is None or now == then for then, now in zip(opened, found, strict=True))


# Another in its place


@contextmanager
def area(home: Path) -> Iterator[Path]:
    """A folder in `home` for what is to take its place in it, held by one process and gone afterwards."""
    try:
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
        recover(home)
        (home / AREA).mkdir(mode=0o700, exist_ok=True)
        with held(home) as folder:
            empty(folder)
            try:
                yield folder
            finally:
                shutil.rmtree(folder, ignore_errors=True)
    except BlockingIOError:
        raise under_way(home) from None
    except OSError as error:
        raise Unwritable(
            f"{home} cannot be written: {error.strerror or error}; what was there was left as it is",
            f"{home} 写不了：{in_chinese(error)}；原有内容没有改动",
        ) from None


@contextmanager
def held(home: Path) -> Iterator[Path]:
    folder = home / AREA
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)  # it will be emptied
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield folder
    finally:
        os.close(handle)


def empty(folder: Path) -> None:
    for each in folder.iterdir():
        if each.is_dir() and not each.is_symlink():
            shutil.rmtree(each)
        else:
            each.unlink()


def put_in_place(home: Path, fresh: Path, names: Sequence[str], now: datetime) -> Path | None:
    """Move what is there of `names` aside, and what `fresh` has of them to where it was; the folder with the old.

    All of it, or, whatever happens, nothing.
    """
    aside = free(home / f"replaced-{now:%Y%m%d-%H%M%S}")
    old = [(home / name, aside / name) for name in names if is_there(home / name)]
    moves = [*old, *((fresh / name, home / name) for name in names if is_there(fresh / name))]
    note = home / AREA / MOVES
    write_through(note, json.dumps([[str(each.relative_to(home)) for each in move] for move in moves]))
    try:
        if old:
            aside.mkdir()
        for move in moves:
            make(move)
    except BaseException:
        take_back(moves)
        note.unlink()
        raise
    note.unlink()
    return aside if old else None


def free(path: Path) -> Path:
    """The path, or the first of its numbered brothers that is not there yet."""
    names = (path.with_name(f"{path.name}-{n}") for n in count(2))
    return path if not is_there(path) else next(each for each in names if not is_there(each))


def make(move: Move) -> None:
    source, target = move
    if is_there(target):
        raise FileExistsError(errno.EEXIST, f"{target} has just appeared")
    source.rename(target)


def write_through(path: Path, text: str) -> None:
    with path.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


def take_back(moves: Sequence[Move]) -> None:
    for source, target in reversed(moves):
        if is_there(target) and not is_there(source):
            target.rename(source)
    for folder in {target.parent for _, target in moves}:
        with suppress(OSError):
            folder.rmdir()  # the one for the old, empty again


def recover(home: Path) -> None:
    """Take back what a process that was killed had begun to move, and remove what it had gathered."""
    try:
        (home / AREA).lstat()
    except (FileNotFoundError, NotADirectoryError):
        return
    except OSError as error:
        raise StoreError(f"{home} cannot be read: {error.strerror}", f"{home} 读不了：{in_chinese(error)}") from None
    note = home / AREA / MOVES
    try:
        with held(home) as folder:
            take_back(noted(home, note))
            shutil.rmtree(folder)
    except BlockingIOError:
        if is_there(note):
            raise under_way(home) from None
    except OSError as error:
        if is_there(note):
            raise Unwritable(
                f"{home}: a restore was cut short, and cannot be taken back: {error.strerror}",
                f"{home} 有一次恢复中断，且无法撤回：{in_chinese(error)}",
            ) from None


def noted(home: Path, note: Path) -> list[Move]:
    """None if it was killed while it wrote them: nothing had been moved. Nor where they are none that we make: a home
    may be somebody else's work."""
    if not is_there(note):
        return []
    try:
        moves = json.loads(first_bytes(note, LARGEST_NOTE))
        return [(within(home, source), within(home, target)) for source, target in moves]
    except (ValueError, TypeError, RecursionError):
        return []


def within(home: Path, name: str) -> Path:
    """`NAME` or `FOLDER/NAME` in the home, and nowhere else; else a ValueError."""
    parts = PurePath(name).parts
    known = 0 < len(parts) < 3 and name.isprintable() and not {"..", "/"} & {*parts}
    if not known or (len(parts) == 2 and (home / parts[0]).is_symlink()):
        raise ValueError(f"{name!r} leads out of the home")
    return home.joinpath(*parts)


def under_way(home: Path) -> StoreError:
    return StoreError(
        f"a restore of {home} is under way: try again when it is done", f"正在恢复 {home}：请等它完成再试"
    )
