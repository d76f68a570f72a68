"""What is left of a damaged file is read, and nothing that was never in it."""

from __future__ import annotations

import os
import random
import shutil
import sqlite3
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from interview.log.check import is_readable
from interview.log.file import Row
from interview.log.pages import read_rows
from interview.log.record import Rating, Review, unpack
from interview.log.store import Store

AT, DAY = datetime(2026, 11, 23, 9, 30, tzinfo=UTC), date(2026, 11, 23)
PAGE = 4096
COUNT = 300


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A history of 25 pages: leaves, an interior page, indexes, two rows so long that they fill pages of their own."""
    path = tmp_path_factory.mktemp("sound") / "history.db"
    with Store.open(path) as store:
        given = ["x" * (9000 if n % 150 == 50 else n % 40) for n in range(COUNT)]
        store.append(*(Review(f"dropout/card-{n % 20}", 1, AT, DAY, Rating.GOOD, given=given[n]) for n in range(COUNT)))
    return path


@pytest.fixture(scope="module")
def truth(sound: Path) -> dict[int, Row]:
    with Store.peek(sound) as store:
        return store.rows()


def test_a_sound_file_is_read_whole(sound: Path, truth: dict[int, Row]) -> None:
    """Page by page or by SQLite, the rows are the same."""
    assert read_rows(sound) == truth
    assert len(truth) == COUNT


def test_what_is_still_in_the_wal_is_read(sound: Path, truth: dict[int, Row], tmp_path: Path) -> None:
    """A killed quiz leaves its last ratings there."""
    path = tmp_path / "history.db"
    shutil.copy(sound, path)
    pid = os.fork()
    if not pid:
        Store.open(path).append(Review("dropout/late", 1, AT, DAY, Rating.EASY))
        os._exit(0)
    os.waitpid(pid, 0)
    assert sqlite3.connect(f"{path.as_uri()}?immutable=1", uri=True).execute("select count(*) from log").fetchone() == (
        COUNT,
    )
    assert [row[4] for number, row in read_rows(path).items() if number not in truth] == ["dropout/late"]


@pytest.mark.parametrize("page", range(25))
def test_a_page_gone_takes_only_its_own_rows(sound: Path, truth: dict[int, Row], tmp_path: Path, page: int) -> None:
    """Whichever page is zeroed, the root included: all rows but those that lay on it."""
    data = bytearray(sound.read_bytes())
    data[page * PAGE : (page + 1) * PAGE] = bytes(PAGE)
    path = tmp_path / "history.db"
    path.write_bytes(data)
    found = read_rows(path)
    assert len(found) > COUNT - 100
    assert found.items() <= truth.items() or page_of_text(data, page)


def page_of_text(data: bytes, page: int) -> bool:
    """An overflow page: it holds part of one long answer and nothing else, so the row is there with a hole in it."""
    return (
        data[(page - 1) * PAGE : page * PAGE].count(b"x") > 3000 or data[(page + 1) * PAGE :][:PAGE].count(b"x") > 3000
    )


@pytest.mark.parametrize("seed", range(60))
def test_a_byte_anywhere(sound: Path, truth: dict[int, Row], tmp_path: Path, seed: int) -> None:
    """One flipped bit costs at most a page; no row appears that was never there, at most one is not as it was, and
    what that one says is not believed."""
    data = bytearray(sound.read_bytes())
    data[random.Random(seed).randrange(len(data))] ^= 1 << seed % 8
    path = tmp_path / "history.db"
    path.write_bytes(data)
    found = read_rows(path)
    assert found.keys() <= truth.keys()
    assert len(found) > COUNT - 50
    hit = [row for number, row in found.items() if row != truth[number]]
    assert len(hit) <= 1
    assert not any(is_readable(row) and unpack(*row[1:]) != unpack(*truth[row[0]][1:]) for row in hit)


@pytest.mark.parametrize("pages", range(1, 26, 3))
def test_cut_at_a_page(sound: Path, truth: dict[int, Row], tmp_path: Path, pages: int) -> None:
    """What lies before the cut is read."""
    path = tmp_path / "history.db"
    path.write_bytes(sound.read_bytes()[: pages * PAGE + 100])
    assert read_rows(path).items() <= truth.items()


def test_a_number_out_of_line_is_not_believed(sound: Path, truth: dict[int, Row], tmp_path: Path) -> None:
    """A row whose number was hit would stand for another: the numbers of a page rise by one."""
    data = bytearray(sound.read_bytes())
    at = data.index(b"dropout/card-7") - 60
    for byte in range(at, at + 20):
        changed = bytearray(data)
        changed[byte] ^= 0x7F
        path = tmp_path / f"{byte}.db"
        path.write_bytes(changed)
        assert read_rows(path).keys() <= truth.keys()


def test_what_was_never_a_history(tmp_path: Path) -> None:
    """Nothing is found in text, in noise, in an empty file, or in somebody else's tables."""
    noise = tmp_path / "noise.db"
    for content in (b"", b"hello " * 5000, random.Random(0).randbytes(50_000)):
        noise.write_bytes(content)
        assert read_rows(noise) == {}
    other = sqlite3.connect(tmp_path / "other.db")
    other.execute("create table t (a integer primary key, b text, c text)")
    other.executemany("insert into t values (?, 'x', 'y')", [(n,) for n in range(500)])
    other.commit()
    other.close()
    assert read_rows(tmp_path / "other.db") == {}
