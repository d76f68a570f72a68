"""The check of the log, page by page and row by row. A copy is looked at: the file is neither locked nor written."""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from interview.errors import StoreError, in_chinese
from interview.log.file import (
    MIGRATIONS,
    ROWS,
    Row,
    beside,
    busy,
    connect,
    create,
    explained,
    refuse_unreadable,
    refuse_unsound,
)
from interview.log.record import unpack


def verify(path: Path) -> tuple[int, list[int]]:
    """How many events the file holds, and the numbers of the rows that say nothing we know.

    Damaged unless it is a sound history of a version we know.
    """
    refuse_unreadable(path, newest=len(MIGRATIONS))
    with copied(path) as copy:
        return count(sound_rows(copy, path))


def rewrite(source: Path, target: Path, named: Path) -> tuple[int, list[int]]:
    """A new log at `target` with the rows of the sound file `source`: nothing else of it is taken over.

    Returns as `verify` does; a complaint is about `named`.
    """
    unread: list[int] = []
    total = 0

    def noted() -> Iterator[Row]:
        nonlocal total
        for row in sound_rows(source, named):
            total += 1
            unread.extend([] if is_readable(row) else [row[0]])
            yield row

    create(target, rows=noted())
    return total, unread


def count(rows: Iterable[Row]) -> tuple[int, list[int]]:
    total, unread = 0, []
    for row in rows:
        total += 1
        if not is_readable(row):
            unread.append(row[0])
    return total, unread


def is_readable(row: Row) -> bool:
    try:
        unpack(*row[1:])
    except ValueError:
        return False
    return True


def sound_rows(path: Path, named: Path) -> Iterator[Row]:
    """The rows in order, once all of the file has proved sound."""
    with explained(named), closing(connect(path)) as db:
        db.text_factory = lambda data: data.decode("utf-8", "replace")
        refuse_unsound(db, named, thorough=True)
        yield from db.execute(f"{ROWS} order by number")


@contextmanager
def copied(path: Path) -> Iterator[Path]:
    """The file and its -wal in a folder that goes away, as they were at one moment."""
    wal, _ = beside(path)
    try:
        with tempfile.TemporaryDirectory(prefix="interview-") as folder:
            copy = Path(folder) / "history.db"
            for _ in range(20):
                before = [stamp(each) for each in (path, wal)]
                shutil.copyfile(path, copy)
                if before[1]:
                    shutil.copyfile(wal, f"{copy}-wal")
                if before == [stamp(each) for each in (path, wal)]:
                    break
                time.sleep(0.05)
            else:
                raise busy(path)
            yield copy
    except OSError as error:
        raise StoreError(
            f"{path} cannot be looked at: {error.strerror or error}", f"{path} 查看不了：{in_chinese(error)}"
        ) from None


def stamp(path: Path) -> tuple[int, ...] | None:
    try:
        state = path.stat()
    except FileNotFoundError:
        return None
    return state.st_dev, state.st_ino, state.st_size, state.st_mtime_ns
