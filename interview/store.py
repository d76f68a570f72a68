"""The history: an append-only SQLite log. A row is never changed or deleted; taking back is one more row.

One commit an append, on disk before it returns. The table `memory` is derived: it may be emptied at any time, and a
row in it counts only while the log holds nothing newer about its card.
"""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path

from interview.errors import StoreError
from interview.log_file import (
    KEEP,
    MIGRATIONS,
    WAIT,
    backups,
    backups_of,
    create,
    explained,
    newer,
    refuse_unreadable,
    statements,
    verify,
)
from interview.record import Attempt, CardEvent, Event, Memory, Review, pack, pack_memory, unpack, unpack_memory


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
