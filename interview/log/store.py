"""The store: an append-only SQLite log. A row is never changed or deleted; taking back is one more row.

One commit an append, on disk before it returns. The table `memory` is derived: it may be emptied at any time, and a
row in it counts only while the log holds nothing newer about its card.

A row that says nothing we know, or whose sum does not hold, is passed over and counted in `unread`. What only reads
(`peek`) goes on when the file cannot be written, and with what its pages still hold when it is damaged; nothing is ever
appended to such a file.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from datetime import date, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

from interview.errors import Damaged, StoreError, Unwritable
from interview.log.file import (
    INSERT,
    KEEP,
    LAST,
    MIGRATIONS,
    ROWS,
    Row,
    backups,
    backups_of,
    beside,
    connect,
    create,
    damaged,
    explained,
    first_bytes,
    is_there,
    part_of,
    refuse_altered,
    refuse_orphan,
    refuse_unreadable,
    refuse_unsound,
    refuse_unwritable,
    statements,
    sweep,
)
from interview.log.place import Place, free, is_left, place_of, recover, refuse_displaced
from interview.log.record import (
    KATA_KINDS,
    WORDS,
    Attempt,
    CardEvent,
    Due,
    Event,
    KataEvent,
    Memory,
    Review,
    Undo,
    pack,
    pack_memory,
    sealed,
    unpack,
    unpack_memory,
)

OF_KATAS = ", ".join(f"'{word}'" for word, kind in WORDS.items() if kind in KATA_KINDS)
OF_CARDS = ", ".join(f"'{word}'" for word, kind in WORDS.items() if kind not in {Undo, *KATA_KINDS})
TAKEN_BACK = ", ".join(f"'{word}'" for word, kind in WORDS.items() if kind not in {Undo, Due, *KATA_KINDS})
A_DAY = 10_000  # rows: far more than anyone answers in one

# Not `json_extract` alone: one `undo` that is no JSON, or has no number, would make every answer an error or empty.
UNDONE = """
    select iif(json_valid(detail), iif(json_type(detail, '$.of') = 'integer', json_extract(detail, '$.of'), 0), 0)
    from log where what = 'undo'
"""


class Store:
    """The log of one person. `open` creates it; `peek` leaves no trace where there is none.

    `unread` maps the numbers of rows that were passed over to what they were about, `missing` counts those that no
    page holds any more. `refusal` says why nothing can be appended, `damage` what is wrong with the file, if anything.
    """

    def __init__(self, db: sqlite3.Connection, path: Path) -> None:
        self.path = path
        self.unread: dict[int, str] = {}
        self.refusal: StoreError | None = None
        self.missing = 0
        self._peeks = False
        self._place: Place | None = None  # None: it is in memory, or another's to write
        self._own: dict[int, tuple[Row, Event]] = {}
        self._db = db

    @classmethod
    def open(cls, path: Path, *, migrations: tuple[str, ...] = MIGRATIONS) -> Store:
        recover(path.parent)
        if not is_there(path):
            refuse_orphan(path)
            create(path, migrations)
        refuse_unreadable(path, newest=len(migrations))
        refuse_unwritable(path)
        store = cls(connect(path), path)
        store._prepare(migrations)
        return store

    @classmethod
    def peek(cls, path: Path) -> Store:
        """The log for reading: an empty one in memory where there is no file yet."""
        recover(path.parent)
        if not is_there(path):
            refuse_orphan(path)
            return cls(in_memory(()), path)
        try:
            store = cls.open(path)
        except (Damaged, Unwritable) as error:
            store = cls.salvage(path, error)
        store._peeks = True
        return store

    @classmethod
    def salvage(cls, path: Path, error: Damaged | Unwritable) -> Store:
        """What can be read of a file that `error` is true of."""
        store = cls(in_memory(()), path)
        store._fall_back(error)
        return store

    def _prepare(self, migrations: tuple[str, ...] = MIGRATIONS) -> None:
        before = place_of(self.path)
        try:
            with explained(self.path):
                version = refuse_altered(self._db, self.path, migrations)
                self._db.execute("pragma synchronous = full")
                self._place = (before[0], *place_of(self.path)[1:])
                if version < len(migrations):
                    self._migrate(migrations)
        except BaseException:
            self.close()
            raise

    def _version(self) -> int:
        return int(self._db.execute("pragma user_version").fetchone()[0])

    def _migrate(self, migrations: tuple[str, ...]) -> None:
        """All missing steps in one transaction: whoever comes second finds them done."""
        with self._writing():
            for script in migrations[self._version() :]:
                for statement in statements(script):
                    self._db.execute(statement)
            self._db.execute(f"pragma user_version = {len(migrations)}")

    @property
    def damage(self) -> Damaged | None:
        return self.refusal if isinstance(self.refusal, Damaged) else None

    def _fall_back(self, error: Damaged | Unwritable) -> None:
        """Read on without writing: the file itself if it is whole, else the rows that its pages hold, in memory."""
        self._db.close()
        self.refusal = error
        whole = None
        if isinstance(error, Unwritable):
            try:
                whole = immutable(self.path)
            except Damaged as worse:
                self.refusal = worse
        if whole is None:
            from interview.log.pages import read_rows  # late: most sittings have a sound file

            rows = read_rows(self.path)
            if not rows:
                raise self.refusal
            whole = in_memory(rows.values())
            self.missing = max(rows) - len(rows)
        self._db = whole

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """One transaction, in the file that lies at the path when it begins and when it is over."""
        if self.refusal:
            raise self.refusal
        self._stay()
        with explained(self.path):
            self._db.execute("begin immediate")
            try:
                self._refuse_displaced()
                yield
                self._db.execute("commit")
            except BaseException:
                if self._db.in_transaction:
                    self._db.execute("rollback")
                raise
        self._refuse_displaced()

    def _refuse_displaced(self) -> None:
        if self._place:
            refuse_displaced(self.path, self._place)

    def _stay(self) -> None:
        """If only what SQLite keeps beside the file was deleted, closing writes what it had into the file."""
        if self._place:
            found = place_of(self.path)
            if found != self._place and found[0] == self._place[0] and is_left(self._place, found):
                self._db.close()
                self._db = connect(self.path)
                self._prepare()

    def close(self) -> None:
        if self._place and not is_left(self._place, place_of(self.path)):
            leave_open(self._db)
        else:
            self._db.close()

    def __enter__(self) -> Store:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # Writing

    def append(self, *events: Event) -> int:
        """Commit the events together; the number of the first. On return they are on disk."""
        with self._writing():
            written = [self._insert(event) for event in events]
        self._own |= {row[0]: (row, event) for row, event in zip(written, events, strict=True)}
        return written[0][0]

    def take_back(self, most: int, at: datetime, day: date) -> list[CardEvent]:
        """Undo the last actions still standing, the newest first, as one: nobody else takes back the same."""
        if self.last_action() is None:
            return []
        taken: list[CardEvent] = []
        undone: list[tuple[Row, Event]] = []
        with self._writing():
            while len(taken) < most and (last := self.last_action()):
                if self.refusal:  # it turned out to be damaged just now
                    raise self.refusal
                number, event = last
                undo = Undo(event.card, at, day, number)
                undone.append((self._insert(undo), undo))
                taken.append(event)
        self._own |= {row[0]: (row, undo) for row, undo in undone}
        return taken

    def _insert(self, event: Event) -> Row:
        what, about, detail = pack(event)
        text = json.dumps(detail, ensure_ascii=False).encode("utf-8", "replace").decode()
        said = (event.at.isoformat(), event.day.isoformat(), what, about)
        row = (*said, sealed(*said, text))
        try:
            unpack(*row)
        except ValueError as error:
            raise StoreError(
                f"{self.path}: nothing was noted, for it could not be read again ({error})",
                f"{self.path} 没有写入：写下之后将无法读回",
            ) from None
        number = self._db.execute(INSERT, (None, *row)).lastrowid
        assert number is not None
        if number >= LAST:
            raise damaged(self.path, "its numbers have run out", "编号用完了")
        return (number, *row)

    def lost(self) -> list[Event]:
        """Close, and look again: what was appended here, and is not in the file that lies at the path now."""
        self.close()
        if not self._own:
            return []
        try:
            with Store.peek(self.path) as found:
                rows = found.rows(self._own)
        except StoreError:
            rows = {}
        return [event for number, (row, event) in self._own.items() if rows.get(number) != row]

    # Reading

    def _rows(self, query: str, args: Iterable[Any] = ()) -> list[Any]:
        """All rows of a query. What only peeks reads on from what is left when the file turns out to be damaged."""
        given = tuple(args)
        try:
            with explained(self.path):
                return self._fetch(query, given)
        except (Damaged, Unwritable) as error:
            if not self._peeks or self.damage:
                raise
            self._fall_back(error)
        with explained(self.path):
            return self._fetch(query, given)

    def _fetch(self, query: str, args: tuple[Any, ...]) -> list[Any]:
        try:
            return self._db.execute(query, args).fetchall()
        except sqlite3.OperationalError as error:
            if "decode" not in str(error):
                raise
            self._db.text_factory = lambda data: data.decode("utf-8", "replace")
            return self._db.execute(query, args).fetchall()

    def _events(self, query: str, args: Iterable[Any] = ()) -> Iterator[tuple[int, Event]]:
        """The events of the rows; one that says nothing we know is noted in `unread`."""
        for row in self._rows(query, args):
            try:
                yield row[0], unpack(*row[1:])
            except ValueError:
                self.unread[row[0]] = str(row[4])

    def note_strangers(self) -> None:
        """Rows of a kind that is not known here are in no answer; count them too.

        Looked up between the known words, each gap by itself: joined by `or`, SQLite reads the whole log for them.
        """
        known = sorted(WORDS)
        gaps = ["what < ?", *["what > ? and what < ?"] * (len(known) - 1), "what > ?"]
        asked = (f"select number, about from log where {gap}" for gap in gaps)  # noqa: S608  (constants)
        query = " union all ".join(asked) + " limit 1000"
        bounds = [known[0], *(each for pair in pairwise(known) for each in pair), known[-1]]
        self.unread |= dict(self._rows(query, bounds))

    def rows(self, numbers: Iterable[int] | None = None) -> dict[int, Row]:
        """The log as it is written (None: all of it), by number."""
        where = "" if numbers is None else "where number in (select value from json_each(?))"
        args = () if numbers is None else (json.dumps(list(numbers)),)
        return {row[0]: row for row in self._rows(f"{ROWS} {where} order by number", args)}

    def events(self, cards: Iterable[str] | None = None, *, since: int = 0) -> list[tuple[int, CardEvent]]:
        """What happened to the cards (None: to all), in order, with its number; what was taken back is left out."""
        where, named = among(cards)
        query = f"""
            {ROWS} where what in ({OF_CARDS}) and number > ? {where}
            and number not in ({UNDONE}) order by number
        """
        found = self._events(query, (since, *named))
        return [(number, event) for number, event in found if isinstance(event, CardEvent)]

    def reviews(self, cards: Iterable[str] | None = None) -> list[Review]:
        """The ratings that were not taken back, in order, cram included."""
        return [event for _, event in self.events(cards) if isinstance(event, Review)]

    def kata_events(self, kata: str | None = None) -> list[KataEvent]:
        """What happened to a kata (None: to all), in order. None of it is ever taken back."""
        where, named = among(None if kata is None else [kata])
        found = self._events(f"{ROWS} where what in ({OF_KATAS}) {where} order by number", named)
        return [event for _, event in found if isinstance(event, KataEvent)]

    def attempts(self, kata: str | None = None) -> list[Attempt]:
        """The graded submissions of a kata (None: of all), in order."""
        return [event for event in self.kata_events(kata) if isinstance(event, Attempt)]

    def last_action(self) -> tuple[int, CardEvent] | None:
        """What `undo` would take back: the last thing still standing that the person did to a card."""
        query = f"""
            {ROWS} where what in ({TAKEN_BACK}) and number < ? and number not in ({UNDONE})
            order by number desc limit 1
        """
        below = 1 << 62
        while rows := self._rows(query, (below,)):
            below = rows[0][0]
            try:
                event = unpack(*rows[0][1:])
            except ValueError:
                self.unread[below] = str(rows[0][4])
                continue
            assert isinstance(event, CardEvent)
            return below, event
        return None

    def cards(self) -> list[str]:
        """Every card that something was ever about."""
        return [row[0] for row in self._rows("select distinct about from log where about like '%/%'")]

    def rated_on(self, day: date) -> list[str]:
        """The cards with a rating of that day among the last rows: no day has more."""
        query = "select distinct about from log where number > ? and what = 'review' and day = ?"
        return [row[0] for row in self._rows(query, (self.newest() - A_DAY, day.isoformat()))]

    def stands(self, number: int) -> bool:
        """Is the event still there, not taken back (perhaps from another terminal)?"""
        return not self._rows(f"select 1 where ? in ({UNDONE})", (number,))

    def count(self) -> int:
        return int(self._rows("select count(*) from log")[0][0])

    def newest(self) -> int:
        """The number of the last row: it has grown when another terminal wrote."""
        return int(self._rows("select coalesce(max(number), 0) from log")[0][0])

    # The derived table

    def kept(self, cards: Iterable[str], *, rules: str) -> tuple[dict[str, Memory], list[str]]:
        """The memories that are still right, and the cards whose events must be replayed. New cards are in neither."""
        query = """
            select asked.value, (select max(number) from log where about = asked.value) as newest, upto, state
            from json_each(?) as asked left join memory on card = asked.value and rules = ?
        """
        memories: dict[str, Memory] = {}
        stale: list[str] = []
        for card, newest, upto, state in self._rows(query, (json.dumps(list(cards)), rules)):
            if newest is None:
                continue
            try:
                memories[card] = unpack_memory(card, state if newest == upto else "")
            except ValueError:
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
        return dict(self._rows(query, (json.dumps(list(cards)),)))

    # Copies

    def copy_to(self, path: Path) -> None:
        """A whole, checked copy in one file; `path` is replaced only once the copy is sound."""
        if self.damage:
            raise self.damage
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with part_of(path) as part:
            with explained(self.path), closing(connect(part)) as target:
                self._db.backup(target)
                target.execute("pragma journal_mode = delete")
                refuse_unsound(target, self.path, thorough=False)
            part.replace(path)

    def back_up(self, day: date) -> Path:
        """The day's copy beside the log, replacing the day's earlier one; the oldest of more than `KEEP` go.

        One that holds more than this log does stays: it may be all that is left of what was there before.
        """
        folder = backups_of(self.path)
        path = folder / f"history-{day.isoformat()}.db"
        if held(path) > self.count():
            path.rename(free(path.with_name(f"{path.stem}-1.db")))
        self.copy_to(path)
        for old in backups(self.path)[:-KEEP]:
            if held(old) <= self.count():
                old.unlink(missing_ok=True)
        sweep(self.path)
        return path


def in_memory(rows: Iterable[Row]) -> sqlite3.Connection:
    db = connect(":memory:")
    db.executescript(f"{''.join(MIGRATIONS)} pragma user_version = {len(MIGRATIONS)}; begin;")
    db.executemany(INSERT, rows)
    db.execute("commit")
    return db


def immutable(path: Path) -> sqlite3.Connection | None:
    """The file read where it is, and not locked; None if some of it is in its -wal, or it is of an earlier version."""
    wal, _ = beside(path)
    if is_there(wal) and first_bytes(wal, 1):
        return None
    db = connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1")
    try:
        with explained(path):
            current = refuse_altered(db, path) == len(MIGRATIONS)
    except BaseException:
        db.close()
        raise
    if not current:
        db.close()
    return db if current else None


def leave_open(db: sqlite3.Connection) -> None:
    """Until the process ends: closing would delete, by its name, a -wal that another process has made there anew."""
    from ctypes import py_object, pythonapi

    pythonapi.Py_IncRef(py_object(db))


def held(backup: Path) -> int:
    """How many events can be read of it."""
    try:
        with Store.peek(backup) as store:
            return store.count()
    except StoreError:
        return 0


def among(names: Iterable[str] | None) -> tuple[str, tuple[str, ...]]:
    """A clause that keeps the rows about these names, and its argument; nothing for None."""
    if names is None:
        return "", ()
    return "and about in (select value from json_each(?))", (json.dumps(list(names)),)
