"""The history: an append-only SQLite log. A row is never changed or deleted; taking back is one more row.

One commit an append, on disk before it returns. The table `memory` is derived: it may be emptied at any time, and a
row in it counts only while the log holds nothing newer about its card. Nothing here opens a file that a newer
interview wrote, or mends one that is damaged: it says what to do and leaves the file as it is.
"""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import date, datetime
from pathlib import Path

from interview.errors import StoreError
from interview.record import Attempt, CardEvent, Event, Memory, Review, pack, pack_memory, unpack, unpack_memory

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


class Store:
    """The log of one person. `open` creates it; `peek` leaves no trace where there is none."""

    def __init__(self, db: sqlite3.Connection, path: Path) -> None:
        self.path = path
        self._db = db

    @classmethod
    def open(cls, path: Path, *, migrations: tuple[str, ...] = MIGRATIONS) -> Store:
        if not path.exists():
            create(path, migrations)
        refuse_unreadable(path, newest=len(migrations))
        with explained(path):
            db = sqlite3.connect(path, timeout=WAIT, isolation_level=None)
            store = cls(db, path)
            try:
                store._prepare(migrations)
            except BaseException:
                db.close()
                raise
        return store

    @classmethod
    def peek(cls, path: Path) -> Store:
        """The log for reading: an empty one in memory where there is no file yet."""
        if path.exists():
            return cls.open(path)
        db = sqlite3.connect(":memory:", isolation_level=None)
        db.executescript(f"{''.join(MIGRATIONS)} pragma user_version = {len(MIGRATIONS)};")
        return cls(db, path)

    def _prepare(self, migrations: tuple[str, ...]) -> None:
        version = self._version()
        if version > len(migrations):
            raise newer(self.path)
        if not os.access(self.path, os.W_OK):
            raise StoreError(f"{self.path} is read-only: make it writable (chmod u+w), or set INTERVIEW_HOME")
        self._db.execute("pragma synchronous = full")
        if version < len(migrations):
            self._migrate(migrations)

    def _version(self) -> int:
        return int(self._db.execute("pragma user_version").fetchone()[0])

    def _migrate(self, migrations: tuple[str, ...]) -> None:
        """All missing steps in one transaction: whoever comes second finds them done."""
        with self._writing():
            for script in migrations[self._version() :]:
                for statement in statements(script):
                    self._db.execute(statement)
            self._db.execute(f"pragma user_version = {len(migrations)}")

    @contextmanager
    def _writing(self) -> Iterator[None]:
        with explained(self.path):
            self._db.execute("begin immediate")
            try:
                yield
                self._db.execute("commit")
            except BaseException:
                if self._db.in_transaction:
                    self._db.execute("rollback")
                raise

    def close(self) -> None:
        self._db.close()

    def __enter__(self) -> Store:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # Writing

    def append(self, *events: Event) -> int:
        """Commit the events together; the number of the first. On return they are on disk."""
        with self._writing():
            numbers = [self._insert(event) for event in events]
        return numbers[0]

    def _insert(self, event: Event) -> int:
        what, about, detail = pack(event)
        row = (event.at.isoformat(), event.day.isoformat(), what, about, json.dumps(detail, ensure_ascii=False))
        cursor = self._db.execute("insert into log (at, day, what, about, detail) values (?, ?, ?, ?, ?)", row)
        assert cursor.lastrowid is not None
        return cursor.lastrowid

    # Reading

    def events(self, cards: Iterable[str] | None = None, *, since: int = 0) -> list[tuple[int, CardEvent]]:
        """What happened to the cards (None: to all), in order, with its number; what was taken back is left out."""
        where, named = among(cards)
        query = f"""
            select number, at, day, what, about, detail from log
            where what in ('review', 'bury', 'suspend', 'due') and number > ? {where}
              and number not in (select json_extract(detail, '$.of') from log where what = 'undo')
            order by number
        """  # noqa: S608  (`where` is one of two constants)
        with explained(self.path):
            return [(row[0], unpack_event(row)) for row in self._db.execute(query, (since, *named))]

    def reviews(self, cards: Iterable[str] | None = None) -> list[Review]:
        """The ratings that were not taken back, in order, cram included."""
        return [event for _, event in self.events(cards) if isinstance(event, Review)]

    def attempts(self, kata: str | None = None) -> list[Attempt]:
        """The graded submissions of a kata (None: of all), in order."""
        where, named = among(None if kata is None else [kata])
        query = f"""
            select number, at, day, what, about, detail from log where what = 'attempt' {where} order by number
        """  # noqa: S608
        with explained(self.path):
            return [event for event in map(unpack_row, self._db.execute(query, named)) if isinstance(event, Attempt)]

    def last_action(self) -> tuple[int, CardEvent] | None:
        """What `undo` would take back: the last rating, burying or suspending still standing."""
        query = """
            select number, at, day, what, about, detail from log
            where what in ('review', 'bury', 'suspend')
              and number not in (select json_extract(detail, '$.of') from log where what = 'undo')
            order by number desc limit 1
        """
        with explained(self.path):
            row = self._db.execute(query).fetchone()
        return (row[0], unpack_event(row)) if row else None

    def cards(self) -> list[str]:
        """Every card that something was ever about."""
        with explained(self.path):
            rows = self._db.execute("select distinct about from log where about like '%/%'").fetchall()
        return [row[0] for row in rows]

    def stands(self, number: int) -> bool:
        """Is the event still there, not taken back (perhaps from another terminal)?"""
        query = "select 1 from log where what = 'undo' and json_extract(detail, '$.of') = ?"
        with explained(self.path):
            return self._db.execute(query, (number,)).fetchone() is None

    def newest(self) -> int:
        """The number of the last row: it has grown when another terminal wrote."""
        with explained(self.path):
            return int(self._db.execute("select coalesce(max(number), 0) from log").fetchone()[0])

    # The derived table

    def kept(self, cards: Iterable[str], *, rules: str) -> tuple[dict[str, Memory], list[str]]:
        """The memories that are still right, and the cards whose events must be replayed. New cards are in neither."""
        query = """
            select asked.value, (select max(number) from log where about = asked.value) as newest, upto, state
            from json_each(?) as asked left join memory on card = asked.value and rules = ?
        """
        memories: dict[str, Memory] = {}
        stale: list[str] = []
        with explained(self.path):
            rows = self._db.execute(query, (json.dumps(list(cards)), rules)).fetchall()
        for card, newest, upto, state in rows:
            if newest is None:
                continue
            if newest == upto:
                memories[card] = unpack_memory(card, json.loads(state))
            else:
                stale.append(card)
        return memories, stale

    def keep(self, memories: Mapping[str, Memory], *, upto: Mapping[str, int], rules: str) -> None:
        """Remember the memories, each right up to the number of the last event it was folded from."""
        rows = [(card, upto[card], rules, json.dumps(pack_memory(memory))) for card, memory in memories.items()]
        with self._writing():
            self._db.executemany("insert or replace into memory values (?, ?, ?, ?)", rows)

    def last_numbers(self, cards: Iterable[str]) -> dict[str, int]:
        """The number of the last row about each card, undo rows included."""
        query = "select about, max(number) from log where about in (select value from json_each(?)) group by about"
        with explained(self.path):
            return dict(self._db.execute(query, (json.dumps(list(cards)),)).fetchall())

    # Copies

    def copy_to(self, path: Path) -> None:
        """A whole, checked copy in one file; `path` is replaced only once the copy is sound."""
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_name(f"{path.name}.{os.getpid()}.part")
        try:
            with explained(self.path):
                target = sqlite3.connect(part)
                self._db.backup(target)
                target.execute("pragma journal_mode = delete")
                target.close()
            verify(part)
            part.replace(path)
        finally:
            part.unlink(missing_ok=True)

    def back_up(self, day: date) -> Path:
        """The day's copy beside the log, replacing the day's earlier one; the oldest of more than `KEEP` go."""
        path = backups_of(self.path) / f"history-{day.isoformat()}.db"
        self.copy_to(path)
        for old in backups(self.path)[:-KEEP]:
            old.unlink(missing_ok=True)
        return path


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


def among(names: Iterable[str] | None) -> tuple[str, tuple[str, ...]]:
    """A clause that keeps the rows about these names, and its argument; nothing for None."""
    if names is None:
        return "", ()
    return "and about in (select value from json_each(?))", (json.dumps(list(names)),)


def unpack_row(row: tuple[int, str, str, str, str, str]) -> Event:
    _, at, day, what, about, detail = row
    return unpack(what, about, datetime.fromisoformat(at), date.fromisoformat(day), json.loads(detail))


def unpack_event(row: tuple[int, str, str, str, str, str]) -> CardEvent:
    event = unpack_row(row)
    assert isinstance(event, CardEvent)
    return event
