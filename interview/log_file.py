"""The file that holds the history: its tables, how it begins, whether it is sound, its copies, and what to do about it.

Nothing here opens a file that a newer interview wrote, or mends one that is damaged: it says what to do and leaves the
file as it is.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path

from interview.errors import StoreError

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
WAIT = 2.0  # seconds for another writer: two quizzes at once take milliseconds
KEEP = 7  # daily backups


def backups_of(path: Path) -> Path:
    return path.parent / "backups"


def backups(path: Path) -> list[Path]:
    """The daily copies of the log at `path`, oldest first."""
    return sorted(backups_of(path).glob("history-*.db"))


def verify(path: Path) -> int:
    """How many events the file holds; StoreError unless it is a sound history of a version we know."""
    refuse_unreadable(path, newest=len(MIGRATIONS))
    with explained(path):
        db = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=WAIT)
        try:
            found = db.execute("pragma quick_check(1)").fetchone()[0]
            if found != "ok":
                raise sqlite3.DatabaseError(found)
            return int(db.execute("select count(*) from log").fetchone()[0])
        finally:
            db.close()


def restore(source: Path, path: Path) -> Path | None:
    """Put the sound copy `source` in the log's place; where the old log was moved (with its -wal and -shm), if any."""
    verify(source)
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    part.write_bytes(source.read_bytes())
    aside = None
    if path.exists():
        stamp = datetime.now().strftime("%Y%m%d-%H%M%S")
        aside = path.with_name(f"{path.name}.replaced-{stamp}")
        for tail in ("", "-wal", "-shm"):
            old = path.with_name(path.name + tail)
            if old.exists():
                old.rename(aside.with_name(aside.name + tail))
    part.replace(path)
    return aside


def create(path: Path, migrations: tuple[str, ...]) -> None:
    """A new, empty log, whole from the first moment: another terminal sees none of it or all of it."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_name(f"{path.name}.{os.getpid()}.new")
        part.unlink(missing_ok=True)
        with explained(path):
            db = sqlite3.connect(part, isolation_level=None)
            db.execute("pragma synchronous = off")  # the file is on disk as a whole before it has its name
            db.execute("pragma journal_mode = wal")
            db.executescript(f"begin; {''.join(migrations)} pragma user_version = {len(migrations)}; commit;")
            db.close()
        with part.open("rb") as file:
            os.fsync(file.fileno())
        with suppress(FileExistsError):  # another terminal was first: its log is the log
            os.link(part, path)
        part.unlink(missing_ok=True)
    except OSError as error:
        raise StoreError(
            f"cannot write {path.parent}: {error.strerror}; set INTERVIEW_HOME to a folder of yours"
        ) from None


def refuse_unreadable(path: Path, *, newest: int) -> None:
    """Look at the file's first bytes before SQLite does: what we cannot use is not even opened."""
    try:
        with path.open("rb") as file:
            head = file.read(100)
    except OSError as error:
        raise StoreError(f"{path} cannot be read: {error.strerror}") from None
    if len(head) < 100 or not head.startswith(b"SQLite format 3\0"):
        raise damaged(
            path, "it is cut short" if b"SQLite format 3\0".startswith(head[:16]) else "it is no history file"
        )
    if int.from_bytes(head[60:64], "big") > newest:
        raise newer(path)


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """SQLite's complaints, as sentences that say what to do."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        said = str(error)
        if "locked" in said or "busy" in said:
            raise StoreError(f"{path} is in use by another program: close it and try again") from None
        if "readonly" in said or "unable to open" in said:
            raise StoreError(
                f"{path} cannot be written: make it and its folder writable, or set INTERVIEW_HOME"
            ) from None
        if "full" in said or "disk I/O" in said:
            raise StoreError(f"no room to write {path}: this was not saved; free some space and try again") from None
        if isinstance(error, sqlite3.OperationalError) and "no such" not in said and "malformed" not in said:
            raise StoreError(f"{path}: {said}") from None
        raise damaged(path, said) from None


def newer(path: Path) -> StoreError:
    return StoreError(f"{path} was written by a newer interview: upgrade, or move it aside; it was left as it is")


def damaged(path: Path, what: str) -> StoreError:
    kept = backups(path)
    advice = f"; the last good copy is {kept[-1].name}" if kept else ""
    return StoreError(
        f"{path} is damaged ({what}){advice}. `interview doctor --fix` restores a backup; nothing was changed"
    )


def statements(script: str) -> Iterator[str]:
    """The script's statements one by one: `executescript` would commit the transaction around them."""
    held = ""
    for piece in script.split(";"):
        held += piece + ";"
        if sqlite3.complete_statement(held):
            yield held
            held = ""
