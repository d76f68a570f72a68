"""The log file: its tables, how it begins, what makes it unusable, and what to do about it.

Nothing here opens a file that a newer interview wrote, or mends one that is damaged: it says what to do and leaves the
file as it is.
"""

from __future__ import annotations

import os
import sqlite3
import stat
import time
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager, suppress
from functools import cache
from pathlib import Path

from interview.errors import Damaged, StoreError, Unwritable, in_chinese
from interview.log.wal import HEAD, is_broken, is_wal
from interview.printable import printable_line

# Script number n takes a file from user_version n to n + 1. Only ever add to the end.
MIGRATIONS = (
    """
    create table log (
      number integer primary key,
      at text not null,           -- ISO, with its offset
      day text not null,          -- the local day it counted for
      what text not null,         -- review, bury, suspend, due, undo, attempt
      about text not null,        -- `deck/card`, or a kata
      detail text not null        -- JSON: what only this kind has
    ) strict;
    create index log_about on log (about, number);
    create index log_what on log (what, number);
    create trigger log_rows_stay before delete on log begin select raise(abort, 'the log is append-only'); end;
    create trigger log_rows_keep before update on log begin select raise(abort, 'the log is append-only'); end;
    create table memory (card text primary key, upto integer not null, rules text not null, state text not null) strict;
    """,
)
Row = tuple[int, str, str, str, str, str]  # number, at, day, what, about, detail
ROWS = "select number, at, day, what, about, detail from log"
INSERT = "insert into log (number, at, day, what, about, detail) values (?, ?, ?, ?, ?, ?)"
WAIT = 2.0  # seconds for another writer: two quizzes at once take milliseconds
KEEP = 7  # daily backups
MAGIC = b"SQLite format 3\0"
LARGEST_WAL = 64 << 20  # bytes looked at: SQLite begins it anew after 4 MB
LAST = 1 << 53  # no number of an event is that large: SQLite would go on with any it likes
LONGEST = 16 << 20  # bytes of a text in the file


def backups_of(path: Path) -> Path:
    return path.parent / "backups"


def backups(path: Path) -> list[Path]:
    """The daily copies of the log at `path`, oldest first."""
    return sorted(backups_of(path).glob("history-*.db"))


def beside(path: Path) -> tuple[Path, Path]:
    """What SQLite keeps next to the file: its -wal and its -shm."""
    real = os.path.realpath(path)
    return Path(f"{real}-wal"), Path(f"{real}-shm")


def is_there(path: Path) -> bool:
    """Is there anything of that name, be it a dangling link? A folder that may not be entered is a complaint."""
    try:
        path.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError as error:
        raise StoreError(f"{path} cannot be read: {error.strerror}", f"{path} 读不了：{in_chinese(error)}") from None
    return True


def refuse_orphan(path: Path) -> None:
    """A -wal without its file would be laid over the next file of that name."""
    wal, _ = beside(path)
    if is_there(wal) and first_bytes(wal, 1):
        raise StoreError(
            f"{path} is gone, but not {wal.name}, which belongs to it: bring it back, or move both away",
            f"{path} 不见了，而属于它的 {wal.name} 还在：请找回它，或把两者都移走",
        )


def refuse_unreadable(path: Path, *, newest: int) -> None:
    """Look at the first bytes before SQLite does: what we cannot use is not even opened."""
    head = first_bytes(path, 100)
    if len(head) < 100 or not head.startswith(MAGIC):
        cut = MAGIC.startswith(head[:16])
        raise damaged(path, *(("it is cut short", "不完整") if cut else ("it is no history file", "不是历史文件")))
    version = int.from_bytes(head[60:64], "big")
    if version >> 16:
        raise damaged(path, f"its version is {version}", f"版本号是 {version}")
    if version > newest:
        raise newer(path)
    wal, shm = beside(path)
    if is_there(wal):
        written = first_bytes(wal, LARGEST_WAL)
        if not is_wal(written):
            raise damaged(path, f"{wal.name} beside it is none of SQLite's", f"旁边的 {wal.name} 不是 SQLite 的")
        if is_broken(written) and written[:HEAD] == first_bytes(wal, HEAD):  # else it was begun anew meanwhile
            raise damaged(path, f"{wal.name} beside it does not add up", f"旁边的 {wal.name} 前后不符")
    if is_there(shm) and not shm.is_file():  # not opened: closing it again would end the locks that we may hold on it
        raise StoreError(f"{shm} is no file: move it away", f"{shm} 不是文件：请移走")


def first_bytes(path: Path, count: int) -> bytes:
    """The start of a regular file; what is none is named, and not waited for."""
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        try:
            state = os.fstat(handle)
            if not stat.S_ISREG(state.st_mode):
                raise StoreError(f"{path} is no file: move it away", f"{path} 不是文件：请移走")
            return os.read(handle, min(count, state.st_size))
        finally:
            os.close(handle)
    except OSError as error:
        raise StoreError(f"{path} cannot be read: {error.strerror}", f"{path} 读不了：{in_chinese(error)}") from None


# How a file begins


def create(path: Path, migrations: tuple[str, ...] = MIGRATIONS, rows: Iterable[Row] = ()) -> None:
    """A new log, whole from the first moment: another terminal sees none of it or all of it."""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with part_of(path) as part:
            with explained(path), closing(sqlite3.connect(part, isolation_level=None)) as db:
                db.execute("pragma synchronous = off")  # the file is on disk as a whole before it has its name
                db.execute("pragma journal_mode = wal")
                db.executescript(f"begin; {''.join(migrations)} pragma user_version = {len(migrations)}; commit;")
                db.execute("begin")
                db.executemany(INSERT, rows)
                db.execute("commit")
            with part.open("rb") as file:
                os.fsync(file.fileno())
            with suppress(FileExistsError):  # another terminal was first: its log is the log
                os.link(part, path)
    except OSError as error:
        raise Unwritable(
            f"cannot write {path.parent}: {error.strerror}; set INTERVIEW_HOME to a folder of yours",
            f"{path.parent} 写不了：{in_chinese(error)}；请把 INTERVIEW_HOME 设为你自己的文件夹",
        ) from None


@contextmanager
def part_of(path: Path) -> Iterator[Path]:
    """A name beside `path` for what is to take its place once it is whole; nothing of it stays, whatever happens."""
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    all_of_it = [part.with_name(part.name + tail) for tail in ("", "-journal", "-wal", "-shm")]
    try:
        for each in all_of_it:
            each.unlink(missing_ok=True)
        yield part
    finally:
        for each in all_of_it:
            with suppress(OSError):
                each.unlink(missing_ok=True)


def sweep(path: Path) -> None:
    """Parts of the log at `path` and of its copies that a killed process left a day ago or earlier."""
    with suppress(OSError):
        for part in (*path.parent.glob("history.db.*.part*"), *backups_of(path).glob("history-*.db.*.part*")):
            if part.lstat().st_mtime < time.time() - 86400:
                part.unlink()


# Whether it is sound


@cache
def tables(version: int, migrations: tuple[str, ...]) -> frozenset[tuple[str, ...]]:
    """What a file of that version is made of."""
    with closing(sqlite3.connect(":memory:")) as db:
        db.executescript("".join(migrations[:version]))
        return frozenset(db.execute(TABLES))


TABLES = "select type, name, tbl_name, sql from sqlite_master"


def refuse_altered(db: sqlite3.Connection, path: Path, migrations: tuple[str, ...] = MIGRATIONS) -> int:
    """Its version. Damaged unless its tables, indexes and triggers are the very ones that we made, and no more."""
    version = int(db.execute("pragma user_version").fetchone()[0])
    if version > len(migrations):
        raise newer(path)
    found, ours = frozenset(db.execute(TABLES)), tables(version, migrations)
    if found != ours:
        names = sorted({f"{kind} {name}" for kind, name, *_ in found ^ ours})
        raise damaged(path, f"not as we made it: {', '.join(names)}", f"和建立时不同：{'、'.join(names)}")
    return version


def refuse_unsound(db: sqlite3.Connection, path: Path, *, thorough: bool) -> None:
    """Damaged unless its structure is ours and every page is sound; `thorough` compares the indexes too."""
    refuse_altered(db, path)
    # Only the first fault: after one that it cannot get over SQLite gives up, and Python drops the row before that.
    found = str(db.execute(f"pragma {'integrity' if thorough else 'quick'}_check(1)").fetchone()[0])
    if found != "ok":
        raise by_sqlite(path, "; ".join(line for line in found.splitlines() if not line.startswith("***")))
    least, most = db.execute("select min(number), max(number) from log").fetchone()
    if most is not None and not 0 < least <= most < LAST:
        raise damaged(path, f"its numbers run from {least} to {most}", f"编号从 {least} 到 {most}")


def refuse_busy(path: Path) -> None:
    """Could something be appended now?"""
    with explained(path), closing(connect(path)) as db:
        db.execute("begin immediate")
        db.execute("rollback")


def refuse_unwritable(path: Path) -> None:
    """Before SQLite tries: what it says of a file that it cannot write is the same for ten causes."""
    real = Path(os.path.realpath(path))
    effective = os.access in os.supports_effective_ids
    for each in (real, real.parent):
        if not os.access(each, os.W_OK, effective_ids=effective):
            raise Unwritable(
                f"{each} is read-only: make it writable (chmod u+w), or set INTERVIEW_HOME",
                f"{each} 是只读的：请让它可写（chmod u+w），或设置 INTERVIEW_HOME",
            )


def connect(path: Path | str) -> sqlite3.Connection:
    db = sqlite3.connect(path, timeout=WAIT, isolation_level=None, uri=isinstance(path, str))
    db.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, LONGEST)
    return db


# In words


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """SQLite's complaints, as sentences that say what to do."""
    try:
        yield
    except sqlite3.ProgrammingError:
        raise  # ours, not the file's
    except sqlite3.Error as error:
        raise sentence(path, error) from None
    except UnicodeDecodeError as error:  # what SQLite says quotes the file, and Python's module reads it as UTF-8
        raise by_sqlite(path, error.object.decode("utf-8", "replace")) from None


def sentence(path: Path, error: sqlite3.Error) -> StoreError:
    said = printable_line(str(error), 200)
    code = getattr(error, "sqlite_errorcode", 0)
    if code in NO_ROOM:
        return Unwritable(
            f"no room to write {path}: this was not saved; free some space and try again",
            f"没有空间写入 {path}：这次没有保存；请腾出空间再试",
        )
    match code & 0xFF:
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
            return busy(path)
        case sqlite3.SQLITE_READONLY | sqlite3.SQLITE_CANTOPEN | sqlite3.SQLITE_PERM:
            return Unwritable(
                f"{path} cannot be written: make it and its folder writable, or set INTERVIEW_HOME",
                f"{path} 写不了：请让它和它的文件夹可写，或设置 INTERVIEW_HOME",
            )
        case sqlite3.SQLITE_CORRUPT | sqlite3.SQLITE_NOTADB | sqlite3.SQLITE_TOOBIG:
            return by_sqlite(path, said)
        case _:
            pass
    if "no such" in said or "decode" in said:
        return by_sqlite(path, said)
    return StoreError(f"{path}: {said}", f"{path} 用不了；SQLite 的报告是 {said}")


NO_ROOM = (
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_IOERR_WRITE,
    sqlite3.SQLITE_IOERR_FSYNC,
    sqlite3.SQLITE_IOERR_TRUNCATE,
    sqlite3.SQLITE_IOERR_SHMSIZE,
    sqlite3.SQLITE_IOERR_SHMOPEN,
    sqlite3.SQLITE_IOERR_SHMMAP,
)


def busy(path: Path) -> StoreError:
    return StoreError(
        f"{path} is in use by another program: close it and try again", f"{path} 正被另一个程序占用：请关掉它再试"
    )


def newer(path: Path) -> StoreError:
    return StoreError(
        f"{path} was written by a newer interview: upgrade, or move it aside; it was left as it is",
        f"{path} 是更新版本的 interview 写的：请升级，或把它移开；没有改动它",
    )


def by_sqlite(path: Path, said: str) -> Damaged:
    return damaged(path, said, f"SQLite 的报告是 {said}")


def damaged(path: Path, en: str, zh: str) -> Damaged:
    en, zh = printable_line(en, 300), printable_line(zh, 300)
    return Damaged(
        f"{path} is damaged ({en}). `interview doctor` says what can still be read, `interview doctor --fix` puts it "
        "together with a backup; nothing was changed",
        f"{path} 已损坏（{zh}）。`interview doctor` 说明还能读出什么，"
        "`interview doctor --fix` 把它和备份拼合起来；什么都没有改动",
        (en, zh),
    )


def statements(script: str) -> Iterator[str]:
    """The script's statements one by one: `executescript` would commit the transaction around them."""
    held = ""
    for piece in script.split(";"):
        held += piece + ";"
        if sqlite3.complete_statement(held):
            yield held
            held = ""
