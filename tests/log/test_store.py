"""The log keeps what it was given, and refuses what it cannot use."""

from __future__ import annotations

import os
import resource
import sqlite3
import subprocess
import sys
import threading
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from interview.errors import StoreError
from interview.log.check import verify
from interview.log.file import MIGRATIONS, backups
from interview.log.record import (
    Attempt,
    Bury,
    Confidence,
    Due,
    GiveUp,
    HandOut,
    KataEvent,
    Memory,
    Rating,
    Review,
    Suspend,
    Undo,
)  # fmt: skip
from interview.log.store import Store
from interview.proof.mending import look_at

AT = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
DAY = date(2026, 11, 23)


def review(card: str = "dropout/a", rating: Rating = Rating.GOOD, *, day: date = DAY) -> Review:
    return Review(card, 1, AT, day, rating)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "history.db"


@pytest.fixture
def store(path: Path) -> Store:
    return Store.open(path)


def test_an_event_comes_back_as_it_was_given(store: Store) -> None:
    """Every field of every kind survives the way to disk and back."""
    full = Review(
        "dropout/a", 3, AT, DAY, Rating.HARD, proposed=Rating.GOOD, confidence=Confidence.SURE, seconds=7.5,
        right=False, given="1/3 | 2", mistake="unscaled", ticks=(0, 2), hinted=True, seed=17, depth=2, cram=True,
    )  # fmt: skip
    events = [
        full,
        Bury("dropout/a", AT, DAY, DAY + timedelta(days=1)),
        Suspend("dropout/b", AT, DAY),
        Due("dropout/b", AT, DAY, "kata dropout: rate"),
    ]
    store.append(*events)
    assert [event for _, event in store.events()] == events


def test_an_attempt_comes_back_and_is_no_card_event(store: Store) -> None:
    """Attempts are asked for by kata, and do not mix with the cards' events."""
    attempt = Attempt(
        "dropout", AT, DAY, "failed", 2**62, "ab" * 32, 0.9, ("rate",), "unscaled", ("dropout/a",), "/x.py",
        passed=8, total=9, hints=2,
    )  # fmt: skip
    store.append(attempt, Due("dropout/a", AT, DAY, "kata dropout: rate"))
    assert store.attempts("dropout") == [attempt] == store.attempts()
    assert store.attempts("softmax") == []
    assert [type(event) for _, event in store.events()] == [Due]


def test_what_happened_to_a_kata_is_told_in_order_and_never_taken_back(store: Store, path: Path) -> None:
    """A hand-out, an attempt and a give-up are facts: they are read as written, and `undo` goes past them."""
    attempt = Attempt("softmax", AT, DAY, "failed", 1, "ab" * 32, 0.9, total=4)
    happened: list[KataEvent] = [HandOut("softmax", AT, DAY), attempt, GiveUp("softmax", AT, DAY)]
    first = store.append(review())
    store.append(*happened, HandOut("dropout", AT, DAY))
    assert store.kata_events("softmax") == happened
    assert store.kata_events() == [*happened, HandOut("dropout", AT, DAY)]
    last = store.last_action()
    assert last is not None
    assert last[0] == first
    store.note_strangers()
    assert store.unread == {}
    assert verify(path) == (5, [])


def test_what_is_undone_no_longer_counts_but_stays(store: Store, path: Path) -> None:
    """Undo is one more row: the event disappears from the readings, not from the file."""
    number = store.append(review())
    store.append(review(rating=Rating.EASY))
    store.append(Undo("dropout/a", AT, DAY, number))
    assert [each.rating for each in store.reviews()] == [Rating.EASY]
    assert not store.stands(number)
    assert sqlite3.connect(path).execute("select count(*) from log").fetchone() == (3,)


def test_the_last_action_goes_back_over_what_was_undone(store: Store) -> None:
    """Undoing twice takes back the one before; `due` events are not a person's doing."""
    first = store.append(review("dropout/a"))
    second = store.append(Suspend("dropout/b", AT, DAY))
    store.append(Due("dropout/c", AT, DAY, "kata"))
    last = store.last_action()
    assert last is not None
    assert last[0] == second
    store.append(Undo("dropout/b", AT, DAY, second))
    last = store.last_action()
    assert last is not None
    assert last[0] == first


def test_rows_cannot_be_changed_or_deleted(store: Store, path: Path) -> None:
    """The log is append-only by the file's own rules, not by our manners."""
    store.append(review())
    db = sqlite3.connect(path)
    for attack in ("delete from log", "update log set day = '2020-01-01'"):
        with pytest.raises(sqlite3.IntegrityError):
            db.execute(attack)


def test_a_commit_is_on_disk_in_full(store: Store) -> None:
    """WAL with synchronous=FULL: a power cut after `append` loses nothing."""
    assert store._db.execute("pragma journal_mode").fetchone() == ("wal",)
    assert store._db.execute("pragma synchronous").fetchone() == (2,)


def test_events_appended_together_stand_or_fall_together(store: Store) -> None:
    """If the second cannot be written, the first is not there either."""
    broken = Due("dropout/a", AT, DAY, why=object())  # type: ignore[arg-type]
    with pytest.raises(TypeError):
        store.append(review(), broken)
    assert store.events() == []


def test_two_terminals_write_to_one_log(path: Path) -> None:
    """Appends of two open stores interleave; neither sees a lock, both see all."""
    with Store.open(path) as one, Store.open(path) as two:
        one.append(review("dropout/a"))
        two.append(review("dropout/b"))
        one.append(review("dropout/c"))
        assert [each.card for each in two.reviews()] == ["dropout/a", "dropout/b", "dropout/c"]


def test_a_turned_bit_in_a_sound_file_is_seen(store: Store, path: Path) -> None:
    """SQLite does not see it, and the row would still unpack: it is passed over, and `doctor` says which it is."""
    for card in ("dropout/a", "dropout/b", "dropout/c"):
        store.append(review(card))
    store.close()
    data = path.read_bytes()
    head, rating, rest = data.partition(b'dropout/b{"rev": 1, "rating": 3')
    assert rating
    path.write_bytes(head + rating[:-1] + b"1" + rest)  # it was not known
    with Store.peek(path) as found:
        assert [each.card for each in found.reviews()] == ["dropout/a", "dropout/c"]
        assert list(found.unread) == [2]
    assert verify(path) == (3, [2])
    assert look_at(path).unread == (2,)


def test_peeking_leaves_no_trace(path: Path) -> None:
    """A command that only looks does not create the history."""
    with Store.peek(path) as store:
        assert store.reviews() == []
    assert not path.parent.joinpath("history.db").exists()


def refused(path: Path) -> str:
    """The complaint on opening; the file must be as it was, byte for byte, with nothing beside it."""
    before, beside = path.read_bytes(), sorted(path.parent.iterdir())
    with pytest.raises(StoreError) as caught:
        Store.open(path)
    assert path.read_bytes() == before
    assert sorted(path.parent.iterdir()) == beside
    return str(caught.value)


def test_a_newer_history_is_refused(store: Store, path: Path) -> None:
    """A file with a higher user_version is not touched: an older program would misread it."""
    store.append(review())
    store.close()
    db = sqlite3.connect(path)
    db.execute(f"pragma user_version = {len(MIGRATIONS) + 1}")
    db.execute("pragma journal_mode = delete")
    db.close()
    assert "newer interview" in refused(path)


@pytest.mark.parametrize("size", [0, 50, 5000])
def test_a_truncated_history_is_refused(store: Store, path: Path, size: int) -> None:
    """Cut anywhere, even to nothing, it is damaged, not empty: starting afresh over it would lose the rest."""
    store.append(*[review(f"dropout/{n}") for n in range(500)])
    store.close()
    os.truncate(path, size)
    with pytest.raises(StoreError, match="doctor --fix"):
        Store.open(path).reviews()
    assert path.stat().st_size == size


def test_what_is_no_database_is_refused(path: Path) -> None:
    """Some other file in its place is named and left."""
    path.write_bytes(b"hello, this is no history " * 20)
    assert "damaged" in refused(path)


def test_a_folder_that_cannot_be_made_is_explained(tmp_path: Path) -> None:
    """INTERVIEW_HOME below a plain file: a sentence, not a traceback."""
    (tmp_path / "file").write_text("x")
    with pytest.raises(StoreError, match="INTERVIEW_HOME"):
        Store.open(tmp_path / "file" / "history.db")


def test_a_locked_history_is_explained_in_time(store: Store, path: Path) -> None:
    """Another program's lock is waited for two seconds, then named."""
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("begin immediate")
    with pytest.raises(StoreError, match="in use by another program"):
        store.append(review())
    other.execute("rollback")
    store.append(review())
    assert len(store.reviews()) == 1


def test_a_full_disk_is_explained_and_loses_nothing(path: Path) -> None:
    """When a write does not fit, what was there stays readable, and the sentence says what to do."""
    program = f"""
import resource, sys
from pathlib import Path
sys.path.insert(0, {str(Path(__file__).parent)!r})
from test_store import review
from interview.log.store import Store
from interview.errors import StoreError
store = Store.open(Path({str(path)!r}))
store.append(review("dropout/kept"))
resource.setrlimit(resource.RLIMIT_FSIZE, (40_000, 40_000))
try:
    for n in range(500):
        store.append(review(f"dropout/{{n}}"))
except StoreError as error:
    print(error)
"""
    said = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert "free some space" in said.stdout
    reviews = Store.open(path).reviews()
    assert reviews[0].card == "dropout/kept"
    assert [each.card for each in reviews[1:]] == [f"dropout/{n}" for n in range(len(reviews) - 1)]
    assert resource.getrlimit(resource.RLIMIT_FSIZE)[0] != 40_000


def test_an_older_history_is_brought_up_to_date(path: Path) -> None:
    """Migrations run in order, once, and keep the rows."""
    with Store.open(path) as store:
        store.append(review())
    later = (*MIGRATIONS, "create table extra (x integer);", "insert into extra values (1);")
    Store.open(path, migrations=later).close()
    with Store.open(path, migrations=later) as store:
        assert store._db.execute("select count(*) from extra").fetchone() == (1,)
        assert len(store.reviews()) == 1


def test_a_failed_migration_changes_nothing(path: Path) -> None:
    """All missing steps are one transaction: an error half-way leaves the old version whole."""
    Store.open(path).close()
    with pytest.raises(StoreError):
        Store.open(path, migrations=(*MIGRATIONS, "create table extra (x integer); select nonsense;"))
    with Store.open(path) as store:
        assert store._version() == len(MIGRATIONS)
        assert store._db.execute("select count(*) from sqlite_master where name = 'extra'").fetchone() == (0,)


def test_a_kept_memory_counts_until_something_happens_to_its_card(store: Store) -> None:
    """The derived table can be wrong about nothing: one newer row, an undo too, and the card is replayed."""
    store.append(review("dropout/a"), review("dropout/b"))
    memory = Memory("dropout/a", reviews=1, stability=2.5, last=DAY, due=DAY, rating=Rating.GOOD)
    store.keep({"dropout/a": memory}, upto=store.last_numbers(["dropout/a"]), rules="r")
    assert store.kept(["dropout/a", "dropout/b", "dropout/new"], rules="r") == ({"dropout/a": memory}, ["dropout/b"])
    assert store.kept(["dropout/a"], rules="other weights") == ({}, ["dropout/a"])
    store.append(Undo("dropout/a", AT, DAY, 1))
    assert store.kept(["dropout/a"], rules="r") == ({}, ["dropout/a"])


def test_no_question_before_a_card_reads_the_whole_log(store: Store, path: Path) -> None:
    """Of a hundred thousand reviews only those are looked at that are asked for: each select goes by an index."""
    store.append(review(), review("dropout/b"))
    asked: list[str] = []
    store._db.set_trace_callback(asked.append)
    store.note_strangers()
    store.kept(["dropout/a"], rules="x")
    store.rated_on(DAY)
    store.events(["dropout/a"])
    store.last_numbers(["dropout/a"])
    store.last_action()
    store.stands(1)
    store.newest()
    store._db.set_trace_callback(None)
    assert len(asked) >= 8
    with sqlite3.connect(path) as log:
        steps = [row[3] for query in asked for row in log.execute(f"explain query plan {query}")]
    assert [each for each in steps if each.startswith("SCAN log")] == []


def test_backups_are_daily_and_rotated(store: Store, path: Path) -> None:
    """One a day, the day's last state; seven are kept."""
    for n in range(9):
        store.append(review(f"dropout/{n}"))
        store.back_up(DAY + timedelta(days=n))
    store.append(review("dropout/late"))
    store.back_up(DAY + timedelta(days=8))
    kept = backups(path)
    assert [each.name for each in kept] == [f"history-{DAY + timedelta(days=n)}.db" for n in range(2, 9)]
    assert verify(kept[-1]) == (10, [])


def test_a_backup_that_holds_more_stays(store: Store, path: Path) -> None:
    """The history was lost, and one begun anew: neither the day's copy nor the rotation takes what is left of it."""
    store.append(*(review(f"dropout/{n}") for n in range(20)))
    fuller = store.back_up(DAY)
    store.close()
    for each in path.parent.glob("history.db*"):
        each.unlink()
    with Store.open(path) as anew:
        anew.append(review("dropout/anew"))
        assert anew.back_up(DAY) == fuller
        assert [verify(each)[0] for each in backups(path)] == [20, 1]
        for n in range(1, 10):
            anew.back_up(DAY + timedelta(days=n))
    assert verify(backups(path)[0]) == (20, [])


def test_parts_of_a_killed_process_go(store: Store, path: Path) -> None:
    """Those of yesterday; one of now may be another terminal's."""
    folder = path.parent / "backups"
    folder.mkdir()
    for name in ("history.db.1.part", "backups/history-2026-11-01.db.1.part-journal"):
        (path.parent / name).write_text("half")
        os.utime(path.parent / name, (0, 0))
    (folder / "history-2026-11-23.db.2.part").write_text("half")
    store.back_up(DAY)
    assert sorted(each.name for each in folder.iterdir()) == [f"history-{DAY}.db", f"history-{DAY}.db.2.part"]
    assert not list(path.parent.glob("*.part"))


def test_an_empty_history_is_copied_whole(tmp_path: Path) -> None:
    """A copy made before the first event opens as a history of our version, not as one to be migrated."""
    with Store.peek(tmp_path / "none.db") as store:
        store.copy_to(tmp_path / "copy.db")
    with Store.open(tmp_path / "copy.db") as copied:
        assert copied.events() == []


def test_two_undos_at_once_take_back_two(store: Store, path: Path) -> None:
    """Whoever waits for another's undo to be written takes back the one before it, not the same again."""
    numbers = [store.append(review(card)) for card in ("dropout/a", "dropout/b", "dropout/c")]
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("begin immediate")
    other.execute(
        "insert into log (at, day, what, about, detail) values (?, ?, 'undo', 'dropout/c', ?)",
        (AT.isoformat(), DAY.isoformat(), f'{{"of": {numbers[2]}}}'),
    )
    taken: list[str] = []

    def take_back() -> None:
        with Store.peek(path) as second:
            taken.extend(event.card for event in second.take_back(1, AT, DAY))

    waiting = threading.Thread(target=take_back)
    waiting.start()
    waiting.join(0.5)  # it has looked, and waits for the other's transaction
    other.execute("commit")
    waiting.join()
    assert taken == ["dropout/b"]
    assert [event.card for event in store.take_back(9, AT, DAY)] == ["dropout/a"]
    assert store.take_back(1, AT, DAY) == []
