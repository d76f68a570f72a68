"""A history that moves while it is open, and one that takes another's place: nothing is written where nobody looks."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from interview.errors import StoreError
from interview.log.place import AREA, MOVES, area, put_in_place, recover
from interview.log.record import Rating, Review
from interview.log.store import Store

NOW, DAY = datetime(2026, 11, 23, 9, 30, tzinfo=UTC), date(2026, 11, 23)


def review(card: str) -> Review:
    return Review(f"dropout/{card}", 1, NOW, DAY, Rating.GOOD)


def cards(path: Path) -> list[str]:
    with Store.peek(path) as store:
        return [each.card.removeprefix("dropout/") for each in store.reviews()]


@pytest.fixture
def path(home: Path) -> Path:
    path = home / "history.db"
    with Store.open(path) as store:
        store.append(review("before"))
    return path


def elsewhere(path: Path) -> Path:
    """Moved away as a person would, the whole folder."""
    target = path.parent.with_name("elsewhere")
    path.parent.rename(target)
    return target / path.name


def deleted(path: Path) -> Path:
    shutil.rmtree(path.parent)
    return path


def begun_anew(path: Path) -> Path:
    moved = elsewhere(path)
    with Store.open(path) as store:
        store.append(review("anew"))
    return moved


def only_the_file(path: Path) -> Path:
    """Without what lies beside it."""
    target = path.with_name("moved.db")
    path.rename(target)
    return target


@pytest.mark.parametrize("displace", [elsewhere, deleted, begun_anew, only_the_file])
def test_nothing_is_written_to_a_file_that_lies_elsewhere(path: Path, displace: Callable[[Path], Path]) -> None:
    """The append is refused, again and again; reading goes on; what is in the place now stays as it was."""
    store = Store.open(path)
    store.append(review("mine"))
    moved = displace(path)
    there = cards(path) if displace is begun_anew else None
    for _ in range(2):
        with pytest.raises(StoreError, match="meanwhile"):
            store.append(review("late"))
    assert [each.card for each in store.reviews()] == ["dropout/before", "dropout/mine"]
    assert [event.card for event in store.lost() if isinstance(event, Review)] == ["dropout/mine"]
    if displace is elsewhere:
        assert cards(moved) == ["before", "mine"]
    if there is not None:
        assert cards(path) == there == ["anew"]


def test_brought_back_it_goes_on(path: Path) -> None:
    """The same file in its place again takes the next rating."""
    with Store.open(path) as store:
        moved = elsewhere(path)
        with pytest.raises(StoreError, match="moved or deleted"):
            store.append(review("late"))
        moved.parent.rename(path.parent)
        store.append(review("late"))
        assert store.lost() == []
    assert cards(path) == ["before", "late"]


@pytest.mark.parametrize("names", [["-wal"], ["-shm"], ["-wal", "-shm"]])
def test_what_lies_beside_it_may_be_deleted(path: Path, names: list[str]) -> None:
    """A tidy person, or a tool that synchronises: what was rated before and after is in the file."""
    with Store.open(path) as store:
        store.append(review("one"))
        for name in names:
            path.with_name(path.name + name).unlink()
        store.append(review("two"))
        assert store.lost() == []
    assert cards(path) == ["before", "one", "two"]


def test_what_lies_beside_it_may_be_deleted_before_the_end(path: Path) -> None:
    """Nothing more is rated: closing writes what the deleted file held."""
    with Store.open(path) as store:
        store.append(review("one"))
        path.with_name("history.db-wal").unlink()
    assert cards(path) == ["before", "one"]


OTHER = """
import os, sys
from pathlib import Path
sys.path.insert(0, {tests!r})
from test_log_place import review
from interview.log.store import Store
store = Store.open(Path({path!r}))
store.append(review("theirs"))
print("written", flush=True)
sys.stdin.readline()
os.kill(os.getpid(), 9)
"""


THEIRS = OTHER.split("print(")[0] + "store.close()"


def another(path: Path) -> subprocess.Popen[str]:
    """A process that has the history open with a rating in its -wal, and is killed at the next line."""
    program = OTHER.format(tests=str(Path(__file__).parent), path=str(path))
    started = subprocess.Popen([sys.executable, "-c", program], stdin=-1, stdout=-1, text=True)
    assert started.stdout is not None
    assert started.stdout.readline() == "written\n"
    return started


def end(process: subprocess.Popen[str]) -> None:
    process.communicate("\n")
    assert process.returncode == -signal.SIGKILL


def test_a_wal_of_another_in_the_place_of_ours(path: Path) -> None:
    """Deleted and made anew by another process: two would write one file without seeing each other."""
    store = Store.open(path)
    store.append(review("mine"))
    for name in ("-wal", "-shm"):
        path.with_name(path.name + name).unlink()
    other = another(path)
    with pytest.raises(StoreError, match="meanwhile"):
        store.append(review("late"))
    lost = store.lost()
    end(other)
    assert cards(path) == ["before", "theirs"]
    assert lost == [review("mine")]


def test_closing_takes_nothing_from_a_wal_made_anew(path: Path) -> None:
    """SQLite deletes a -wal by its name when the last of all closes; by then that name is another process's."""
    store = Store.open(path)
    store.append(review("mine"))
    for name in ("-wal", "-shm"):
        path.with_name(path.name + name).unlink()
    theirs = THEIRS.format(tests=str(Path(__file__).parent), path=str(path))
    subprocess.run([sys.executable, "-c", theirs], check=True)
    assert store.lost() == [review("mine")]
    assert cards(path) == ["before", "theirs"]


def test_a_history_put_in_its_place_is_noticed(path: Path, home: Path) -> None:
    """A restore while it is open: the old one, with its -wal, is aside and complete."""
    store = Store.open(path)
    store.append(review("mine"))
    with area(home) as folder:
        with Store.open(folder / "history.db") as fresh:
            fresh.append(review("restored"))
        aside = put_in_place(home, folder, ["history.db", "history.db-wal", "history.db-shm"], NOW)
    assert aside is not None
    with pytest.raises(StoreError, match="replaced"):
        store.append(review("late"))
    assert store.lost() == [review("mine")]
    assert cards(path) == ["restored"]
    assert cards(aside / "history.db") == ["before", "mine"]


# All or nothing

KILLED = """
import json, os, sys
from pathlib import Path
from interview.log.place import area, make, write_through, AREA, MOVES
home, steps = Path(sys.argv[1]), int(sys.argv[2])
with area(home) as folder:
    for name in ("history.db", "config.toml"):
        (folder / name).write_text("new " + name)
    aside = home / "replaced-x"
    names = ("history.db", "attempts", "config.toml")
    moves = [(home / n, aside / n) for n in names] + [(folder / n, home / n) for n in ("history.db", "config.toml")]
    write_through(folder / MOVES, json.dumps([[str(e.relative_to(home)) for e in m] for m in moves]))
    aside.mkdir()
    for move in moves[:steps]:
        make(move)
    os._exit(9)
"""


def tree(folder: Path) -> dict[str, str]:
    return {str(each.relative_to(folder)): each.read_text() for each in folder.rglob("*") if each.is_file()}


@pytest.fixture
def lived(home: Path) -> Path:
    (home / "attempts").mkdir(parents=True)
    for name in ("history.db", "attempts/a.py", "config.toml"):
        (home / name).write_text(f"old {name}")
    return home


@pytest.mark.parametrize("steps", range(6))
def test_a_restore_killed_in_between_is_taken_back(lived: Path, steps: int) -> None:
    """After any of its moves: whoever comes next finds what was there, all of it, and nothing else."""
    before = tree(lived)
    assert subprocess.run([sys.executable, "-c", KILLED, lived, str(steps)], check=False).returncode == 9
    recover(lived)
    assert tree(lived) == before
    assert sorted(each.name for each in lived.iterdir()) == ["attempts", "config.toml", "history.db"]


def test_opening_the_history_takes_a_killed_restore_back(path: Path, home: Path) -> None:
    """No command sees half of it, and none begins a new history in between."""
    program = KILLED.replace('"new " + name', '"no database"')
    (home / "attempts").mkdir()
    (home / "config.toml").write_text("")
    assert subprocess.run([sys.executable, "-c", program, home, "2"], check=False).returncode == 9
    assert not path.exists()
    assert cards(path) == ["before"]
    assert not (home / AREA).exists()


def test_what_a_killed_restore_had_gathered_is_removed(path: Path, home: Path) -> None:
    """It may be large; while the restore still runs, it is let alone, and the history can be used."""
    with area(home) as folder:
        (folder / "attempts").mkdir()
        assert cards(path) == ["before"]
        assert (folder / "attempts").exists()
    program = KILLED.split("    aside =")[0] + "    os._exit(9)"
    assert subprocess.run([sys.executable, "-c", program, home, "0"], check=False).returncode == 9
    assert (home / AREA / "history.db").exists()
    assert cards(path) == ["before"]
    assert not (home / AREA).exists()


NOTES = {
    "no json": "[",
    "too deep": "[" * 100_000,
    "no moves": "[1, null]",
    "a mapping": '{"a": 1}',
    "numbers": "[[1, 2]]",
    "null bytes": '[["\\u0000", "history.db"]]',
    "out by dots": '[["../taken", "history.db"]]',
    "out by a root": '[["{out}/taken", "history.db"]]',
    "out by a link": '[["link/taken", "history.db"]]',
    "in by dots": '[["history.db", "../victim"], ["x", "link/victim"]]',
    "large": '[["replaced-x/a", "a"]' + " " * 100_000 + "]",
}


@pytest.mark.parametrize("note", NOTES.values(), ids=NOTES.keys())
def test_moves_that_nobody_made_are_not_taken_back(lived: Path, tmp_path: Path, note: str) -> None:
    """In a home of somebody else's making: nothing leaves it, nothing comes in, and the history can be used."""
    out = tmp_path / "out"
    out.mkdir()
    (out / "victim").write_text("theirs")
    (tmp_path / "victim").write_text("theirs")
    (lived / "link").symlink_to(out)
    before, outside = tree(lived), tree(out)
    (lived / AREA).mkdir()
    (lived / AREA / MOVES).write_text(note.replace("{out}", str(out)))
    recover(lived)
    assert tree(lived) == before
    assert tree(out) == outside
    assert (tmp_path / "victim").read_text() == "theirs"
    assert not (tmp_path / "taken").exists()


def test_a_pipe_of_moves_is_not_waited_for(lived: Path) -> None:
    """It is told."""
    (lived / AREA).mkdir()
    os.mkfifo(lived / AREA / MOVES)
    with pytest.raises(StoreError, match="is no file"):
        recover(lived)


def test_an_area_that_leads_elsewhere_is_not_emptied(lived: Path, tmp_path: Path) -> None:
    """A link in its place: what it leads to stays, and a restore says why it cannot be."""
    (tmp_path / "documents").mkdir()
    (tmp_path / "documents" / "letter").write_text("dear")
    (lived / AREA).symlink_to(tmp_path / "documents")
    recover(lived)
    with pytest.raises(StoreError, match="cannot be written"), area(lived):
        pass
    assert (tmp_path / "documents" / "letter").read_text() == "dear"


def test_a_move_that_fails_takes_back_those_before_it(lived: Path) -> None:
    """What would be written over stays, and what had been moved before is back."""
    before = tree(lived)
    with area(lived) as folder:
        (folder / "history.db").write_text("new")
        with pytest.raises(FileExistsError):
            put_in_place(lived, folder, ["history.db", "config.toml", "history.db"], NOW)
    assert tree(lived) == before


def test_one_restore_at_a_time(lived: Path) -> None:
    """The second is told, and the first goes on."""
    with area(lived) as folder:
        (folder / "history.db").write_text("new")
        with pytest.raises(StoreError, match="under way"), area(lived):
            pass
        put_in_place(lived, folder, ["history.db"], NOW)
    assert (lived / "history.db").read_text() == "new"
    assert not (lived / AREA).exists()
