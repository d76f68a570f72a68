from __future__ import annotations

import json
import sqlite3
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from reviewers import USUAL

from interview.cli.main import main
from interview.cli.settings import save_parameters
from interview.log.record import Rating, Review
from interview.log.store import Store

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.fixture
def lived(home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A person with three reviews, an attempt kept, a deck imported, a date set."""
    monkeypatch.setenv("INTERVIEW_NOW", NOW.isoformat())
    monkeypatch.setenv("INTERVIEW_LANG", "en")
    with Store.open(home / "history.db") as store:
        for n in range(3):
            store.append(Review(f"mine/{n}", 1, NOW, NOW.date(), Rating.GOOD))
    for name in ("attempts/dropout/a.py", "pack/questions/mine.yaml", "config.toml", "plan.toml"):
        (home / name).parent.mkdir(parents=True, exist_ok=True)
        (home / name).write_text(f"# {name}\n")
    save_parameters(home, USUAL, "fitted")
    return home


@pytest.fixture
def backup(lived: Path, tmp_path: Path) -> Path:
    path = tmp_path / "out" / "backup.zip"
    path.parent.mkdir()
    assert main(["backup", str(path)]) == 0
    return path


def told(capsys: pytest.CaptureFixture[str], *args: str) -> dict[str, Any]:
    capsys.readouterr()
    assert main([*args, "--json"]) == 0
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    assert found["schema"] == 1
    return found


def tree(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def reviews(home: Path) -> int:
    with Store.peek(home / "history.db") as store:
        return len(store.reviews())


def test_one_file_brings_everything_back(
    backup: Path, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """On another machine: the log, the attempts, the own decks, the preferences."""
    other = tmp_path / "other"
    monkeypatch.setenv("INTERVIEW_HOME", str(other))
    found = told(capsys, "restore", str(backup))
    assert (found["events"], found["files"], found["kept"]) == (3, 5, None)
    assert reviews(other) == 3
    assert {name: text for name, text in tree(other).items() if "history" not in name} == {
        name: text for name, text in tree(home).items() if "history" not in name
    }


def test_what_was_there_is_moved_aside(backup: Path, home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A restore deletes nothing: the newer log, the files and all are in one folder."""
    with Store.open(home / "history.db") as store:
        store.append(Review("mine/9", 1, NOW, NOW.date(), Rating.GOOD))
    (home / "config.toml").write_text("# newer\n")
    aside = Path(told(capsys, "restore", str(backup), "--force")["kept"])
    assert reviews(home) == 3
    assert reviews(aside) == 4
    assert (aside / "config.toml").read_text() == "# newer\n"
    assert (home / "config.toml").read_text() == "# config.toml\n"
    again = Path(told(capsys, "restore", str(backup))["kept"])
    assert again != aside


def test_a_daily_copy_of_the_log_can_be_restored(lived: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A bare history file will do; everything beside the log stays where it is."""
    with Store.open(lived / "history.db") as store:
        copy = store.back_up(NOW.date())
        store.append(Review("mine/9", 1, NOW, NOW.date(), Rating.GOOD))
    assert told(capsys, "restore", str(copy), "--force")["made"] is None
    assert reviews(lived) == 3
    assert (lived / "attempts/dropout/a.py").exists()
    assert copy.exists()


def newer(path: Path) -> None:
    with zipfile.ZipFile(path) as old:
        entries = {name: old.read(name) for name in old.namelist()}
    entries["backup.json"] = entries["backup.json"].replace(b'"schema": 1', b'"schema": 2')
    rewrite(path, entries)


def newer_log(path: Path) -> None:
    with zipfile.ZipFile(path) as old:
        entries = {name: old.read(name) for name in old.namelist()}
    log = path.with_name("log.db")
    log.write_bytes(entries["history.db"])
    db = sqlite3.connect(log)
    db.execute("pragma user_version = 99")
    db.commit()
    db.close()
    rewrite(path, {**entries, "history.db": log.read_bytes()})
    log.unlink()


def climbing(path: Path) -> None:
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("attempts/../../evil.py", "x")


def shortened(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-200])


def flipped(path: Path) -> None:
    with zipfile.ZipFile(path) as archive:
        at = archive.getinfo("history.db").header_offset + 200
    raw = bytearray(path.read_bytes())
    raw[at : at + 8] = b"\xff" * 8
    path.write_bytes(bytes(raw))


def without_a_file(path: Path) -> None:
    with zipfile.ZipFile(path) as old:
        entries = {name: old.read(name) for name in old.namelist() if not name.startswith("attempts")}
    rewrite(path, entries)


def something_else(path: Path) -> None:
    rewrite(path, {"hello.txt": b"hello"})


def rewrite(path: Path, entries: dict[str, bytes]) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in entries.items():
            archive.writestr(name, text)


def emptied(path: Path) -> None:
    with zipfile.ZipFile(path, "w"):
        pass


HARMS = [newer, newer_log, climbing, shortened, flipped, without_a_file, something_else, emptied]


@pytest.mark.parametrize("harm", HARMS)
def test_an_unsound_backup_changes_nothing(
    backup: Path, home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], harm: Any
) -> None:
    """Newer, damaged, incomplete or leading elsewhere: code 5, its name, and the home as it was."""
    harm(backup)
    before = tree(home)
    assert main(["restore", str(backup)]) == 5
    assert str(backup) in capsys.readouterr().err
    assert tree(home) == before
    assert not list(tmp_path.rglob("evil.py"))


def test_a_backup_writes_over_nothing(backup: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Code 2 for a file that is there; --force replaces it whole; no part is left behind."""
    before = backup.read_bytes()
    assert main(["backup", str(backup)]) == 2
    assert backup.read_bytes() == before
    assert told(capsys, "backup", str(backup), "--force")["events"] == 3
    assert list(backup.parent.iterdir()) == [backup]


def test_a_damaged_log_is_not_backed_up(lived: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A backup is checked before it is called one."""
    (lived / "history.db").write_bytes(b"SQLite format 3\0" + b"\0" * 2000)
    for tail in ("-wal", "-shm"):
        (lived / f"history.db{tail}").unlink(missing_ok=True)
    assert main(["backup", str(tmp_path / "b.zip")]) == 5
    assert not list(tmp_path.glob("b.zip*"))


def test_restoring_what_is_not_there_is_usage(home: Path) -> None:
    """Code 2, and no trace."""
    assert main(["restore", "nothing.zip"]) == 2
    assert not home.exists()
