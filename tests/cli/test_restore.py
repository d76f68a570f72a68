"""A backup may come from anywhere: all of it is looked at before anything moves, whatever it is made of."""

from __future__ import annotations

import json
import os
import random
import resource
import shutil
import sqlite3
import stat
import struct
import subprocess
import sys
import warnings
import zipfile
import zlib
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from screens import Quiz

from interview.cli.main import main
from interview.log.file import MIGRATIONS, create
from interview.log.record import Rating, Review
from interview.log.store import Store

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
INTERVIEW = Path(sys.executable).with_name("interview")
MEMORY = 256 << 20
Entries = dict[str, bytes]


@pytest.fixture
def lived(home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A person with three reviews and an attempt."""
    monkeypatch.setenv("INTERVIEW_NOW", NOW.isoformat())
    monkeypatch.setenv("INTERVIEW_LANG", "en")
    with Store.open(home / "history.db") as store:
        store.append(*(Review(f"mine/{n}", 1, NOW, NOW.date(), Rating.GOOD) for n in range(3)))
    (home / "attempts" / "dropout").mkdir(parents=True)
    (home / "attempts" / "dropout" / "a.py").write_text("# mine\n")
    return home


@pytest.fixture
def entries(lived: Path, tmp_path: Path) -> Entries:
    """What a sound backup of it holds."""
    path = tmp_path / "sound.zip"
    assert main(["backup", str(path)]) == 0
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def zipped(path: Path, entries: Entries, **more: Any) -> Path:
    with zipfile.ZipFile(path, "w", **more) as archive:
        for name, data in entries.items():
            archive.writestr(name, data)
    return path


def tree(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def refused(path: Path, home: Path, capsys: pytest.CaptureFixture[str]) -> str:
    """The one line that says why; nothing has changed, nothing is left behind."""
    before = tree(home)
    capsys.readouterr()
    assert main(["restore", str(path), "--force"]) == 5
    said = capsys.readouterr().err
    assert str(path) in said
    assert tree(home) == before
    return said


# The zip


def add(name: str, **attributes: Any) -> Callable[[Path, Entries], None]:
    def build(path: Path, entries: Entries) -> None:
        zipped(path, entries)
        entry = zipfile.ZipInfo(name)
        for each, value in attributes.items():
            setattr(entry, each, value)
        with zipfile.ZipFile(path, "a") as archive, warnings.catch_warnings(action="ignore"):
            archive.writestr(entry, b"x")

    return build


def patched(change: Callable[[bytearray], object]) -> Callable[[Path, Entries], None]:
    def build(path: Path, entries: Entries) -> None:
        data = bytearray(zipped(path, entries, compression=zipfile.ZIP_DEFLATED).read_bytes())
        change(data)
        path.write_bytes(data)

    return build


def in_directory(offset: int, value: bytes) -> Callable[[Path, Entries], None]:
    """A field of the first entry in the directory."""

    def change(data: bytearray) -> None:
        at = data.index(b"PK\1\2") + offset
        data[at : at + len(value)] = value

    return patched(change)


def at_end(offset: int, value: bytes) -> Callable[[Path, Entries], None]:
    def change(data: bytearray) -> None:
        at = len(data) - 22 + offset
        data[at : at + len(value)] = value

    return patched(change)


def one_on_another(path: Path, entries: Entries) -> None:
    """The directory names the bytes of one file twice."""
    zipped(path, {**entries, "attempts/b.py": b"1", "attempts/c.py": b"2"})
    data = bytearray(path.read_bytes())
    first, second = data.index(b"PK\1\2", data.rindex(b"PK\1\2") - 80), data.rindex(b"PK\1\2")
    data[second + 42 : second + 46] = data[first + 42 : first + 46]
    path.write_bytes(data)


def a_million(path: Path, entries: Entries) -> None:
    """More entries than anyone has files, each of them empty."""
    local = struct.pack("<4s5H3L2H", b"PK\3\4", 20, 0, 0, 0, 0, 0, 0, 0, 12, 0)
    listed, count = bytearray(), 65_535
    with path.open("wb") as file:
        for n in range(count):
            name = b"attempts/%03x" % (n % 4096)
            listed += struct.pack("<4s6H3L5H2L", b"PK\1\2", 20, 20, 0, 0, 0, 0, 0, 0, 0, 12, 0, 0, 0, 0, 0, file.tell())
            listed += name
            file.write(local + name)
        start = file.tell()
        file.write(listed + struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, count, count, len(listed), start, 0))


def says_less(path: Path, entries: Entries) -> None:
    """300 MB that call themselves one byte."""
    zipped(path, {**entries, "attempts/big.py": bytes(1)}, compression=zipfile.ZIP_DEFLATED)
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    bomb = b"".join(packer.compress(bytes(1 << 20)) for _ in range(300)) + packer.flush()
    data = path.read_bytes()
    at = data.rindex(b"PK\3\4")
    head = bytearray(data[at : at + 30 + len("attempts/big.py")])
    head[18:22] = struct.pack("<L", len(bomb))
    start = data.index(b"PK\1\2")
    listed = bytearray(data[start:-22])
    last = listed.rindex(b"PK\1\2")
    listed[last + 20 : last + 24] = struct.pack("<L", len(bomb))
    end = bytearray(data[-22:])
    body = data[:at] + head + bomb
    end[16:20] = struct.pack("<L", len(body))
    path.write_bytes(body + listed + end)


ZIPS: dict[str, Callable[[Path, Entries], object]] = {
    "lzma": lambda path, entries: zipped(path, entries, compression=zipfile.ZIP_LZMA),
    "bzip2": lambda path, entries: zipped(path, entries, compression=zipfile.ZIP_BZIP2),
    "an unknown method": in_directory(10, b"\x63\0"),
    "encrypted": in_directory(8, b"\1\0"),
    "a link": add("attempts/link", external_attr=(stat.S_IFLNK | 0o777) << 16),
    "a device": add("attempts/device", external_attr=(stat.S_IFCHR | 0o666) << 16),
    "climbing": add("attempts/../../evil.py"),
    "absolute": add("/tmp/evil.py"),
    "of Windows": add("attempts\\evil.py"),
    "no file of ours": add("trusted.json"),
    "below a file": add("config.toml/x"),
    "a folder": add("attempts/x/"),
    "twice": add("history.db"),
    "in two spellings": add("Attempts/dropout/a.py"),
    "in two cases": add("attempts/dropout/A.py"),
    "a file and a folder": add("attempts/dropout"),
    "a name that moves the cursor": add("attempts/\x1b[2J"),
    "a name that turns around": add("attempts/\u202eyp.exe"),
    "a name too long": add("attempts/" + "x" * 300),
    "no zip": lambda path, entries: path.write_bytes(b"hello " * 100),
    "empty": lambda path, entries: path.write_bytes(b""),
    "cut short": patched(lambda data: data.__delitem__(slice(-200, None))),
    "cut at its directory": patched(lambda data: data.__delitem__(slice(data.index(b"PK\1\2"), None))),
    "more behind it": patched(lambda data: data.extend(b"more")),
    "more before it": patched(lambda data: data.__setitem__(slice(0, 0), b"more")),
    "a comment": at_end(20, b"\4\0"),
    "of two disks": at_end(4, b"\1\0"),
    "fewer entries than it says": at_end(8, b"\x09\0\x09\0"),
    "more entries than it says": at_end(8, b"\1\0\1\0"),
    "a directory elsewhere": at_end(16, b"\0\0\0\0"),
    "sizes of zip64": in_directory(20, b"\xff" * 8),
    "larger than it says": in_directory(24, b"\1\0\0\0"),
    "smaller than it says": in_directory(24, b"\0\0\0\1"),
    "4 GiB, it says": in_directory(24, b"\xfe\xff\xff\xff"),
    "another sum": in_directory(16, b"\1\2\3\4"),
    "not where it says": in_directory(42, b"\7\0\0\0"),
    "one on another": one_on_another,
    "spoilt": patched(lambda data: data.__setitem__(slice(200, 208), b"\xff" * 8)),
    "of 65535 files": a_million,
    "300 MB in a byte": says_less,
}


@pytest.mark.parametrize("build", ZIPS.values(), ids=ZIPS.keys())
def test_a_zip_that_no_backup_of_ours_is(
    entries: Entries, lived: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], build: Callable[..., object]
) -> None:
    """Stored or deflated files of our own names, each once, each as long as it says, and nothing else."""
    path = tmp_path / "backup.zip"
    build(path, entries)
    said = refused(path, lived, capsys)
    assert said.count("\n") == 1
    assert not list(tmp_path.rglob("evil*"))


@pytest.mark.parametrize("seed", range(60))
def test_a_byte_anywhere_in_a_zip(
    entries: Entries, lived: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], seed: int
) -> None:
    """It is restored as it was, or refused; there is no third thing."""
    data = bytearray(zipped(tmp_path / "backup.zip", entries, compression=zipfile.ZIP_DEFLATED).read_bytes())
    data[random.Random(seed).randrange(len(data))] ^= 1 << seed % 8
    path = tmp_path / "backup.zip"
    path.write_bytes(data)
    before = tree(lived)
    code = main(["restore", str(path)])
    assert code in (0, 5)
    after = {name: text for name, text in tree(lived).items() if not name.startswith("replaced-")}
    assert code == 0 or after == before
    with Store.peek(lived / "history.db") as store:
        assert len(store.reviews()) == 3


# What it says of itself

MANIFESTS = [
    b"", b"[]", b"null", b"{", b"{}", b"\xff\xfe",
    b'{"schema": 1, "made": "2026-03-01T12:00:00+00:00", "events": 1e999, "files": 1}',
    b'{"schema": 1, "made": "2026-03-01T12:00:00+00:00", "events": NaN, "files": 1}',
    b'{"schema": 1, "made": "2026-03-01T12:00:00+00:00", "events": 3.0, "files": 1}',
    b'{"schema": 1, "made": "2026-03-01T12:00:00+00:00", "events": "3", "files": 1}',
    b'{"schema": 1, "made": "2026-03-01T12:00:00+00:00", "events": true, "files": 1}',
    b'{"schema": 1, "made": "2026-03-01T12:00:00+00:00", "events": -3, "files": 1}',
    b'{"schema": 1, "made": "2026-03-01T12:00:00+00:00", "events": 4, "files": 1}',
    b'{"schema": 1, "made": "2026-03-01T12:00:00+00:00", "events": 3, "files": 2}',
    b'{"schema": 1, "made": "2026-03-01T12:00:00+00:00", "events": 3}',
    b'{"schema": 1, "made": "yesterday", "events": 3, "files": 1}',
    b'{"schema": 1, "made": null, "events": 3, "files": 1}',
    b'{"schema": 2, "made": "2026-03-01T12:00:00+00:00", "events": 3, "files": 1}',
    b'{"schema": "1", "made": "2026-03-01T12:00:00+00:00", "events": 3, "files": 1}',
    b'{"schema": true, "made": "2026-03-01T12:00:00+00:00", "events": 3, "files": 1}',
    b'{"schema": 1, "made": "2026-03-01T12:00:00+00:00", "events": ' + b"9" * 5000 + b', "files": 1}',
    b'{"schema": ' + b"[" * 30_000 + b"]" * 30_000 + b"}",
    b'{"schema": 1, "made": "2026-03-01T12:00:00+00:00", "events": 3, "files": 1}' + b" " * (64 << 10),
]  # fmt: skip


@pytest.mark.parametrize("manifest", MANIFESTS, ids=range(len(MANIFESTS)))
def test_a_manifest_that_no_backup_of_ours_has(
    entries: Entries, lived: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], manifest: bytes
) -> None:
    """Its types, its numbers, its size; and it holds what it says."""
    refused(zipped(tmp_path / "backup.zip", {**entries, "backup.json": manifest}), lived, capsys)


@pytest.mark.parametrize("left_out", ["backup.json", "history.db"])
def test_a_zip_without_what_makes_it_a_backup(
    entries: Entries, lived: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], left_out: str
) -> None:
    """The manifest and the history are in every one."""
    del entries[left_out]
    refused(zipped(tmp_path / "backup.zip", entries), lived, capsys)


@pytest.mark.parametrize(
    ("name", "settings"),
    [
        ("config.toml", b"quiz = 3\n"),
        ("config.toml", b'plan = "x"\n'),
        ("config.toml", b"quiz = []\n"),
        ("config.toml", b"[quiz]\nnew = -1\n"),
        ("config.toml", b"[quiz]\nnew = true\n"),
        ("config.toml", b"[plan]\ndate = 2026-12-14T09:00:00\n"),
        ("config.toml", b"["),
        ("config.toml", b"\xff\xfe"),
        ("plan.toml", b"date = 3\n"),
        ("plan.toml", b"["),
        ("fsrs.toml", b"parameters = [1.0]"),
    ],
)
def test_settings_that_cannot_be_used(
    entries: Entries, lived: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str, settings: bytes
) -> None:
    """They would stop every command after the restore; they stop the restore."""
    manifest = json.loads(entries["backup.json"])
    entries |= {name: settings, "backup.json": json.dumps({**manifest, "files": 2}).encode()}
    assert f"{name}:" in refused(zipped(tmp_path / "backup.zip", entries), lived, capsys)


# Its history


def with_log(entries: Entries, folder: Path, *statements: str) -> Entries:
    """The backup, its log changed by hand; the manifest counts the rows that are in it then."""
    log = folder / "log.db"
    log.write_bytes(entries["history.db"])
    db = sqlite3.connect(log, isolation_level=None)
    for each in statements:
        db.execute(each)
    try:
        count = db.execute("select count(*) from log").fetchone()[0]
    except sqlite3.Error:
        count = 3
    db.close()
    manifest = {**json.loads(entries["backup.json"]), "events": count}
    return {**entries, "history.db": log.read_bytes(), "backup.json": json.dumps(manifest).encode()}


VIEW = "create view log as select * from old"
LOGS = {
    "a view": ("alter table log rename to old", VIEW),
    "another table": ("create table more (x)",),
    "a trigger more": ("create trigger more after insert on log begin delete from memory; end",),
    "a trigger less": ("drop trigger log_rows_stay",),
    "an index less": ("drop index log_what",),
    "no log": ("drop table log",),
    "another column": ("alter table memory add column x text",),
    "a newer version": (f"pragma user_version = {len(MIGRATIONS) + 1}",),
    "no version": ("pragma user_version = 0",),
    "a row of 40 MB": (
        "insert into log values (4, '', '', '', '', cast(replace(hex(zeroblob(20000000)), '00', 'xx') as text))",
    ),
}


@pytest.mark.parametrize("statements", LOGS.values(), ids=LOGS.keys())
def test_a_log_that_is_not_ours(
    entries: Entries, lived: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], statements: tuple[str, ...]
) -> None:
    """Its tables, indexes and triggers are those of the migrations, and no more; in a zip and by itself."""
    changed = with_log(entries, tmp_path, *statements)
    path = zipped(tmp_path / "backup.zip", changed, compression=zipfile.ZIP_DEFLATED)
    said = refused(path, lived, capsys)
    assert "--fix" not in said
    bare = tmp_path / "bare.db"
    bare.write_bytes(changed["history.db"])
    refused(bare, lived, capsys)


@pytest.mark.parametrize("seed", range(40))
def test_a_byte_anywhere_in_its_log(
    entries: Entries, lived: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], seed: int
) -> None:
    """Whatever it hits: refused, or restored with rows that can all be read."""
    data = bytearray(entries["history.db"])
    data[random.Random(seed).randrange(len(data))] ^= 1 << seed % 8
    path = tmp_path / "history-2026-03-01.db"
    path.write_bytes(data)
    code = main(["restore", str(path)])
    assert code in (0, 2, 5)
    with Store.open(lived / "history.db") as store:
        assert len(store.reviews()) == 3
        store.append(Review("mine/next", 1, NOW, NOW.date(), Rating.GOOD))
        assert len(store.reviews()) == 4


def test_rows_that_say_nothing_are_refused(
    entries: Entries, lived: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Code 5, their numbers and the flag; with the flag they come along, and are passed over as before."""
    row = f"insert into log values (4, '{NOW.isoformat()}', '2026-03-01', 'review', 'mine/0', '[]')"
    path = zipped(tmp_path / "backup.zip", with_log(entries, tmp_path, row))
    before = tree(lived)
    assert main(["restore", str(path)]) == 5
    said = capsys.readouterr().err
    assert "number 4" in said
    assert "--force" in said
    assert tree(lived) == before
    assert main(["restore", str(path), "--force"]) == 0
    with Store.peek(lived / "history.db") as store:
        assert (store.count(), len(store.reviews())) == (4, 3)


def test_nothing_of_its_log_is_taken_over_but_the_rows(entries: Entries, lived: Path, tmp_path: Path) -> None:
    """What was derived elsewhere is derived again; the file is one of our own making, ready for the next rating."""
    forged = "insert into memory values ('mine/0', 3, 'fsrs-6 default 0.9 days', '{\"stability\": 9999.0}')"
    path = zipped(tmp_path / "backup.zip", with_log(entries, tmp_path, forged))
    assert main(["restore", str(path)]) == 0
    db = sqlite3.connect(lived / "history.db")
    assert db.execute("select count(*) from memory").fetchone() == (0,)
    assert db.execute("pragma journal_mode").fetchone() == ("wal",)


# Less than is there


def test_less_than_is_there_is_asked_about(
    entries: Entries, lived: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without a terminal: code 2, both numbers and the flag, and nothing changed."""
    with Store.open(lived / "history.db") as store:
        store.append(Review("mine/9", 1, NOW, NOW.date(), Rating.GOOD))
    path = zipped(tmp_path / "backup.zip", entries)
    before = tree(lived)
    assert main(["restore", str(path)]) == 2
    said = capsys.readouterr().err
    assert "3 events" in said
    assert "there 4:" in said
    assert "--force" in said
    assert tree(lived) == before
    assert main(["restore", str(path), "--force"]) == 0


def lock(path: Path) -> sqlite3.Connection:
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("pragma locking_mode = exclusive")
    other.execute("begin exclusive")
    return other


def newer(path: Path) -> sqlite3.Connection:
    db = sqlite3.connect(path, isolation_level=None)
    db.execute("pragma user_version = 9")
    return db


@pytest.mark.parametrize("harm", [lock, newer])
def test_what_cannot_be_counted_is_not_replaced(
    entries: Entries, lived: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], harm: Callable[[Path], Any]
) -> None:
    """A history in use or of a newer version may hold more: code 5 and the flag; with it, it is moved aside."""
    other = harm(lived / "history.db")
    path = zipped(tmp_path / "backup.zip", entries)
    assert main(["restore", str(path)]) == 5
    assert "--force" in capsys.readouterr().err
    assert not list(lived.glob("replaced-*"))
    assert main(["restore", str(path), "--force"]) == 0
    assert len(list(lived.glob("replaced-*"))) == 1
    other.close()


@pytest.mark.parametrize(("lang", "question"), [("en", "Restore it? [y/N]"), ("zh", "要恢复吗？ [y/N]")])
def test_at_a_terminal_it_is_a_question(
    entries: Entries, lived: Path, tmp_path: Path, lang: str, question: str
) -> None:
    """No is code 2 and changes nothing; yes restores, and says where the old is."""
    with Store.open(lived / "history.db") as store:
        store.append(Review("mine/9", 1, NOW, NOW.date(), Rating.GOOD))
    path = zipped(tmp_path / "b.zip", entries)
    before = tree(lived)
    for key, code in (("n", 2), ("y", 0)):
        asked = Quiz("restore", str(path), env={"INTERVIEW_LANG": lang})
        try:
            asked.until("[y/N]")
            assert question.replace(" ", "") in asked.text.replace(" ", "")
            assert asked.leave(key, "enter") == code
        finally:
            asked.close()
        assert (tree(lived) == before) is (key == "n")
    assert len(list(lived.glob("replaced-*"))) == 1


def test_a_history_with_its_wal_is_restored_with_its_wal(lived: Path, tmp_path: Path) -> None:
    """What was moved aside while a quiz had it open has its last ratings there."""
    pid = os.fork()
    if not pid:
        Store.open(lived / "history.db").append(Review("mine/late", 1, NOW, NOW.date(), Rating.GOOD))
        os._exit(0)
    os.waitpid(pid, 0)
    old = tmp_path / "old"
    shutil.copytree(lived, old)
    assert (old / "history.db-wal").stat().st_size
    for each in lived.glob("history.db*"):
        each.unlink()
    assert main(["restore", str(old / "history.db")]) == 0
    with Store.peek(lived / "history.db") as store:
        assert store.reviews()[-1].card == "mine/late"


# How much it may cost


def limited() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


@pytest.mark.parametrize("kind", ["of 65535 files", "300 MB in a byte", "a row of 40 MB", "a long list", "many rows"])
def test_no_backup_takes_more_than_256_MiB(entries: Entries, lived: Path, tmp_path: Path, kind: str) -> None:  # noqa: N802
    """Whatever it holds: code 0 or 5, never 3, within the memory that is allowed."""
    path = tmp_path / "backup.zip"
    if kind in ZIPS:
        ZIPS[kind](path, entries)
    elif kind in LOGS:
        zipped(path, with_log(entries, tmp_path, *LOGS[kind]), compression=zipfile.ZIP_DEFLATED)
    elif kind == "a long list":
        zipped(path, {**entries, "backup.json": b"[" + b"1," * 30_000_000 + b"1]"}, compression=zipfile.ZIP_DEFLATED)
    else:
        row = (NOW.isoformat(), "2026-03-01", "review", "mine/0", '{"rev": 1, "rating": 3}')
        create(tmp_path / "many.db", rows=((n, *row) for n in range(1, 60_001)))
        path = tmp_path / "many.db"
    command = [INTERVIEW, "restore", path, "--force"]
    done = subprocess.run(command, capture_output=True, text=True, preexec_fn=limited, timeout=300, check=False)
    assert done.returncode == (0 if kind == "many rows" else 5), done.stderr
