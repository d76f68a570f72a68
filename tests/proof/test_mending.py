"""What is damaged is told apart from what cannot be used now; only the first is replaced, and never by less."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from interview.cli.main import main
from interview.drill.schedule import DEFAULT
from interview.errors import StoreError
from interview.log.file import MIGRATIONS, backups
from interview.log.record import Bury, Due, Event, Flag, Forget, Note, Rating, Review, Suspend, Undo
from interview.log.store import Store
from interview.practice.review.memories import fold
from interview.proof.mending import look_at, mend

NOW, DAY = datetime(2026, 11, 23, 9, 30, tzinfo=UTC), date(2026, 11, 23)
PAGE = 4096
ROW = "insert into log (at, day, what, about, detail) values (?, ?, ?, ?, ?)"
FORCED = "insert into log values"
SOUND = ("2026-11-23T09:30:00+00:00", "2026-11-23", "review", "dropout/a", '{"rev": 1, "rating": 3}')


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """200 reviews; a backup that was made after the first 150."""
    path = tmp_path / "home" / "history.db"
    with Store.open(path) as store:
        made = [Review(f"dropout/card-{n % 20}", 1, NOW + timedelta(minutes=n), DAY, Rating.GOOD) for n in range(200)]
        store.append(*made[:150])
        store.back_up(DAY)
        store.append(*made[150:])
    return path


def rewritten(path: Path, change: Callable[[bytearray], object]) -> bytes:
    data = bytearray(path.read_bytes())
    change(data)
    path.write_bytes(data)
    return bytes(data)


def spoilt(path: Path, *statements: str) -> None:
    db = sqlite3.connect(path, isolation_level=None)
    for each in statements:
        db.execute(each)
    db.close()


def tree(path: Path) -> dict[str, bytes]:
    return {each.name: each.read_bytes() for each in path.parent.iterdir() if each.is_file()}


def zero(page: int) -> Callable[[Path], object]:
    def harm(path: Path) -> None:
        rewritten(path, lambda data: data.__setitem__(slice(page * PAGE, (page + 1) * PAGE), bytes(PAGE)))

    return harm


def flip(text: bytes) -> Callable[[Path], object]:
    """A byte of the file that is text of ours, spoilt."""

    def harm(path: Path) -> None:
        rewritten(path, lambda data: data.__setitem__(data.index(text) + 3, 0xF3))

    return harm


DAMAGED: dict[str, Callable[[Path], object]] = {
    "a byte of the schema": flip(b"the log is append-only"),
    "a byte of the head": lambda path: rewritten(path, lambda data: data.__setitem__(3, 0)),
    "a byte of an index": lambda path: rewritten(
        path, lambda data: data.__setitem__(data.rindex(b"dropout/card-3"), 0x7A)
    ),
    "the first page": zero(0),
    "the root of the log": zero(1),
    "a page of the log": zero(9),
    "cut at a page": lambda path: os.truncate(path, 8 * PAGE),
    "cut in a page": lambda path: os.truncate(path, 8 * PAGE + 77),
    "a view in place of the log": lambda path: spoilt(
        path, "alter table log rename to old", "create view log as select * from old where number < 5"
    ),
    "a view without an end": lambda path: spoilt(
        path,
        "alter table log rename to old",
        "create view log as with recursive t(n) as (select 1 union all select n + 1 from t)"
        " select n as number, '' as at, '' as day, '' as what, '' as about, '' as detail from t",
    ),
    "a trigger that deletes": lambda path: spoilt(
        path,
        "drop trigger log_rows_stay",
        "create trigger more after insert on log begin delete from log where number < new.number; end",
    ),
    "a trigger gone": lambda path: spoilt(path, "drop trigger log_rows_keep"),
    "an index gone": lambda path: spoilt(path, "drop index log_about"),
    "another table": lambda path: spoilt(path, "create table more (x)"),
    "a number without a next": lambda path: spoilt(path, f"{FORCED} ({2**63 - 1}, '', '', 'due', 'dropout/a', '')"),
    "a number below the first": lambda path: spoilt(path, f"{FORCED} (-7, '', '', 'due', 'dropout/a', '')"),
    "a -wal of something else": lambda path: path.with_name("history.db-wal").write_bytes(b"garbage" * 1000),
    "a -wal cut short": lambda path: path.with_name("history.db-wal").write_bytes(b"7\x7f\6\x82"),
}


def killed(path: Path, cards: int) -> Path:
    """A quiz wrote so many ratings and was killed: they are in its -wal, one transaction each."""
    pid = os.fork()
    if not pid:
        store = Store.open(path)
        for n in range(cards):
            store.append(Review(f"dropout/late-{n}", 1, NOW, DAY, Rating.GOOD))
        os._exit(0)
    os.waitpid(pid, 0)
    return path.with_name("history.db-wal")


@pytest.mark.parametrize("place", [40, 48, 50, 200, 5000])
def test_a_byte_of_the_wal_does_not_end_it(path: Path, place: int) -> None:
    """SQLite would take it for the end, and delete all that follows: the ratings behind it are whole, and read."""
    rewritten(killed(path, 4), lambda data: data.__setitem__(place, data[place] ^ 0x10))
    before = tree(path)
    assert look_at(path).state == "damaged"
    with pytest.raises(StoreError, match="does not add up"):
        Store.open(path)
    with Store.peek(path) as store:
        assert "dropout/late-3" in store.cards()
    assert tree(path) == before
    mended = mend(path, NOW)
    assert mended is not None
    assert mended.read == 204


@pytest.mark.parametrize("kept", [1, 31, 32, 100, 9000])
def test_a_wal_that_was_cut_off_is_no_damage(path: Path, kept: int) -> None:
    """The power went while it was written: the last transaction was never told to be saved."""
    wal = killed(path, 4)
    os.truncate(wal, wal.stat().st_size - kept)
    assert look_at(path).state == "sound"
    with Store.open(path) as store:
        assert len(store.reviews()) >= 202


@pytest.mark.parametrize("harm", DAMAGED.values(), ids=DAMAGED.keys())
def test_what_is_damaged_is_told_and_mended_without_loss(path: Path, harm: Callable[[Path], object]) -> None:
    """All rows that a page or the backup still holds are in the new file; the old one is kept, byte for byte."""
    harm(path)
    before = tree(path)
    health = look_at(path)
    assert tree(path) == before
    assert health.state == "damaged"
    assert health.need is not None
    assert "doctor --fix" in health.need.en
    mended = mend(path, NOW)
    assert mended is not None
    assert mended.read >= health.read
    total = mended.read + mended.added
    assert 150 <= total <= 200
    assert {each.name: each.read_bytes() for each in mended.aside.iterdir()} == before
    assert (look_at(path).state, look_at(path).events) == ("sound", total)
    with Store.open(path) as store:
        store.append(Review("dropout/next", 1, NOW, DAY, Rating.GOOD))
        assert len(store.reviews()) == total + 1


def test_doctor_mends_and_says_how(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Before: what is left, and 1. With --fix: from what, how much, and where the old is."""
    zero(9)(path)
    assert main(["doctor", "--json"]) == 1
    found = json.loads(capsys.readouterr().out)
    assert found["history"]["state"] == "damaged"
    assert found["history"]["events"] is None
    (first, last) = found["history"]["lost"][0]
    assert found["history"]["read"] == 200 - (last - first + 1)
    main(["--lang", "en", "doctor", "--fix"])
    said = " ".join(capsys.readouterr().out.split())
    read, added = found["history"]["read"], min(last, 150) - first + 1
    assert f"{read} rows read from the file as it was, {added} taken from history-2026-11-23.db" in said
    assert f"{read + added} now" in said
    assert f"{read + added} events, sound" in said


@pytest.mark.parametrize("harm", DAMAGED.values(), ids=DAMAGED.keys())
def test_a_damaged_history_is_read_on_and_never_written(path: Path, harm: Callable[[Path], object]) -> None:
    """What only looks goes on with what is left; what would append refuses; the file stays as it was."""
    harm(path)
    before = tree(path)
    with Store.peek(path) as store:
        assert len(store.reviews()) > 70
        assert store.last_action() is not None
        if store.damage:
            with pytest.raises(StoreError, match="doctor --fix"):
                store.append(Review("dropout/a", 1, NOW, DAY, Rating.GOOD))
    assert tree(path) == before


def test_the_rows_that_are_lost_are_named(path: Path) -> None:
    """By number, so that one can see what a backup brings back."""
    zero(9)(path)
    shutil.rmtree(path.parent / "backups")
    health = look_at(path)
    assert health.need is not None
    assert "Page 10" in health.need.en
    (first, last) = health.lost[0]
    assert f"cannot: number {first}–{last}" in health.need.en
    assert f"第 {first}–{last} 行" in health.need.zh
    mended = mend(path, NOW)
    assert mended is not None
    assert (mended.added, mended.backup) == (0, None)
    with Store.peek(path) as store:
        assert set(range(1, 201)) - store.rows().keys() == set(range(first, last + 1))


def test_rows_that_say_nothing_are_named_and_taken_from_a_backup(path: Path) -> None:
    """The file is sound, so nothing replaces it unless a backup can read more."""
    spoilt(
        path, "drop trigger log_rows_keep", """update log set detail = '{"rating": 99}' where number in (7, 8, 190)"""
    )
    spoilt(
        path,
        f"create trigger log_rows_keep{MIGRATIONS[0].split('create trigger log_rows_keep')[1].split('end;')[0]}end",
    )
    health = look_at(path)
    assert (health.state, health.events, health.read, health.unread) == ("sound", 200, 197, (7, 8, 190))
    assert health.need is not None
    assert "7–8, 190" in health.need.en
    mended = mend(path, NOW)
    assert mended is not None
    assert (mended.added, mended.backup) == (2, backups(path)[0])
    assert look_at(path).unread == (190,)
    assert mend(path, NOW) is None


def test_a_backup_of_another_history_is_not_mixed_in(path: Path) -> None:
    """Begun anew after a loss, the same numbers are other events."""
    with Store.open(path.with_name("other.db")) as other:
        other.append(*(Review(f"attention/card-{n % 7}", 1, NOW, DAY, Rating.AGAIN) for n in range(180)))
        other.copy_to(backups(path)[0])
    zero(9)(path)
    read = look_at(path).read
    mended = mend(path, NOW)
    assert mended is not None
    assert (mended.read, mended.added, mended.backup) == (read, 0, None)


def test_nothing_to_mend_from(path: Path) -> None:
    """No row and no backup: a sentence, and the file as it was."""
    shutil.rmtree(path.parent / "backups")
    path.write_bytes(b"something else " * 100)
    before = tree(path)
    assert look_at(path).state == "damaged"
    with pytest.raises(StoreError, match="move it aside"):
        mend(path, NOW)
    assert tree(path) == before


def test_a_locked_history_is_no_damaged_one(path: Path) -> None:
    """Another program has it open: that is said, and no backup takes its place."""
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("pragma locking_mode = exclusive")
    other.execute("begin exclusive")
    health = look_at(path)
    assert (health.state, health.mendable) == ("unusable", False)
    assert health.need is not None
    assert "in use by another program" in health.need.en
    assert "--fix" not in health.need.en
    other.execute("rollback")
    other.close()


def test_a_newer_history_is_no_damaged_one(path: Path) -> None:
    """It is for a newer interview to read."""
    spoilt(path, f"pragma user_version = {len(MIGRATIONS) + 1}")
    health = look_at(path)
    assert (health.state, health.mendable) == ("unusable", False)
    assert health.need is not None
    assert "newer interview" in health.need.en


@pytest.mark.parametrize(
    "make",
    [
        Path.mkdir,
        os.mkfifo,
        lambda path: path.symlink_to("history.db"),
        lambda path: path.symlink_to("nowhere"),
        lambda path: path.symlink_to("/dev/zero"),
    ],
    ids=["folder", "pipe", "loop", "dangling", "device"],
)
def test_what_is_no_file_is_left_alone(path: Path, make: Callable[[Path], object]) -> None:
    """A sentence at once: nothing is waited for, followed, or replaced."""
    path.unlink()
    make(path)
    health = look_at(path)
    assert (health.state, health.mendable) == ("unusable", False)
    for use in (Store.open, Store.peek):
        with pytest.raises(StoreError, match=r"history\.db"):
            use(path)


def test_a_wal_whose_file_is_gone_is_not_laid_over_the_next(path: Path) -> None:
    """A new history under the old -wal would take its pages for its own."""
    path.unlink()
    path.with_name("history.db-wal").write_bytes(b"\0" * 100)
    for use in (Store.open, Store.peek):
        with pytest.raises(StoreError, match=r"history\.db-wal"):
            use(path)
    assert not path.exists()


@pytest.mark.parametrize(
    "row",
    [
        (*SOUND[:4], '{"rev": 1, "rating": 99}'),
        (*SOUND[:4], '{"rev": 1, "rating": 3, "seconds": NaN}'),
        (*SOUND[:4], "["),
        (*SOUND[:2], "undo", "dropout/a", "{"),
        (*SOUND[:2], "undo", "dropout/a", '{"of": "3"}'),
        (*SOUND[:2], "undo", "dropout/a", "{}"),
        (*SOUND[:2], "dance", "dropout/a", "{}"),
        (*SOUND[:3], "dropout", SOUND[4]),
        ("2026-11-23T09:30:00", *SOUND[1:]),
        (SOUND[0], "0001-01-01", *SOUND[2:]),
    ],
)
def test_one_row_that_says_nothing_costs_one_row(path: Path, row: tuple[str, ...]) -> None:
    """It is passed over and counted; everything else is answered as before, and more can be appended."""
    db = sqlite3.connect(path)
    db.execute(ROW, row)
    db.commit()
    db.close()
    assert look_at(path).unread == (201,)
    with Store.open(path) as store:
        assert len(store.reviews()) == 200
        assert store.stands(3)
        last = store.last_action()
        assert last is not None
        assert last[0] == 200
        assert store.attempts() == []
        store.append(Review("dropout/next", 1, NOW, DAY, Rating.GOOD))
        assert len(store.reviews()) == 201


def every_kind(n: int) -> list[Event]:
    """One event of each kind, about card `n`, and one that takes the last of them back."""
    card, at = f"dropout/kind-{n}", NOW + timedelta(days=n)
    return [
        Review(card, 1, at, DAY, Rating.GOOD), Bury(card, at, DAY, DAY), Suspend(card, at, DAY, on=True),
        Suspend(card, at, DAY, on=False), Due(card, at, DAY, "kata dropout: p"), Flag(card, at, DAY, "难"),
        Note(card, at, DAY, "mine"), Forget(card, at, DAY), Undo(card, at, DAY, 200 + 9 * n + 8),
    ]  # fmt: skip


@pytest.mark.parametrize("harm", [zero(9), zero(6)], ids=["page 9", "page 6"])
def test_a_mended_history_has_every_kind_of_event(path: Path, harm: Callable[[Path], object]) -> None:
    """What the backup has and what only the damaged file has, of each kind, is one log again, which folds to the same
    memories; a second mending changes nothing, nor does the order in which the cards are folded.
    """
    with Store.open(path) as store:
        store.append(*[each for n in range(5) for each in every_kind(n)])
        store.back_up(DAY + timedelta(days=1))
        store.append(*[each for n in range(5, 8) for each in every_kind(n)])
        before, cards = store.rows(), store.cards()
        memories = fold(store, cards, DEFAULT)
    assert len(memories) > 20
    harm(path)
    assert mend(path, NOW) is not None
    with Store.peek(path) as store:
        assert store.rows() == before
        assert fold(store, reversed(cards), DEFAULT) == memories
    assert mend(path, NOW) is None
