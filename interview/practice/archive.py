"""The person's folder in one file and back: history, attempts, decks of one's own, preferences.

A backup is a zip with `backup.json` in it. A restore looks at all of it before it moves anything, and what was there is
moved aside, never deleted.
"""

from __future__ import annotations

import json
import shutil
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath

from interview.errors import StoreError
from interview.log_file import verify
from interview.practice.merging import free
from interview.store import Store

SCHEMA = 1
MANIFEST, HISTORY = "backup.json", "history.db"
PARTS = ("attempts", "pack", "config.toml")  # beside the history
SQLITE = b"SQLite format 3\0"
LARGE = 4 << 30  # bytes unpacked; no history of a person comes near


@dataclass(frozen=True, slots=True)
class Contents:
    """What a backup holds: events in the log, and files beside it. `made` is None for a bare copy of the log."""

    made: str | None
    events: int
    files: int


def back_up(home: Path, target: Path, now: datetime) -> Contents:
    """Everything of `home` that is the person's own, into the zip `target`."""
    with tempfile.TemporaryDirectory() as scratch, zipfile.ZipFile(target, "x", zipfile.ZIP_DEFLATED) as archive:
        copy = Path(scratch) / HISTORY
        with Store.peek(home / HISTORY) as store:
            store.copy_to(copy)
        contents = Contents(now.isoformat(), verify(copy), 0)
        archive.write(copy, HISTORY)
        for path in files_of(home):
            archive.write(path, path.relative_to(home).as_posix())
            contents = Contents(contents.made, contents.events, contents.files + 1)
        manifest = {"schema": SCHEMA, "made": contents.made, "events": contents.events, "files": contents.files}
        archive.writestr(MANIFEST, json.dumps(manifest, indent=1) + "\n")
    return contents


def files_of(home: Path) -> Iterator[Path]:
    for name in PARTS:
        path = home / name
        yield from [path] if path.is_file() else sorted(each for each in path.rglob("*") if each.is_file())


def restore(source: Path, home: Path, now: datetime) -> tuple[Contents, Path | None]:
    """Put the backup in the place of what is there; what it held, and the folder where the old is now, if any."""
    try:
        home.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=home, prefix=".restore-") as scratch:
            contents = unpack(source, Path(scratch))
            names = [HISTORY] if contents.made is None else [HISTORY, *PARTS]
            aside = set_aside(home, names, now)
            for name in names:
                if (Path(scratch) / name).exists():
                    (Path(scratch) / name).rename(home / name)
    except OSError as error:
        raise StoreError(
            f"{home} cannot be written: {error.strerror}; what was there is there, or in replaced-*"
        ) from None
    return contents, aside


def unpack(source: Path, into: Path) -> Contents:
    """The backup's files, all of them looked at. A bare copy of the log (`backups/`) will do too."""
    with source.open("rb") as file:
        head = file.read(len(SQLITE))
    if head == SQLITE:
        shutil.copyfile(source, into / HISTORY)
        return Contents(None, verify_as(source, into / HISTORY), 0)
    try:
        with zipfile.ZipFile(source) as archive:
            contents = read_manifest(source, archive)
            check_names(source, archive)
            archive.extractall(into)  # each name was looked at; every file's CRC is checked here
    except (zipfile.BadZipFile, EOFError, OSError, KeyError, NotImplementedError, RuntimeError, zlib.error) as error:
        raise StoreError(f"{source} is damaged, or no backup of ours ({error}); nothing was changed") from None
    events = verify_as(source, into / HISTORY)
    if events != contents.events or sum(1 for _ in files_of(into)) != contents.files:
        raise StoreError(f"{source} does not hold what it says it does; nothing was changed")
    return contents


def verify_as(source: Path, copy: Path) -> int:
    """The events in the unpacked history; a complaint names the file that the person knows."""
    try:
        return verify(copy)
    except StoreError as error:
        raise StoreError(str(error).replace(str(copy), str(source))) from None


def read_manifest(source: Path, archive: zipfile.ZipFile) -> Contents:
    try:
        manifest = json.loads(archive.read(MANIFEST))
        schema = manifest["schema"]
        contents = Contents(str(manifest["made"]), int(manifest["events"]), int(manifest["files"]))
    except (KeyError, ValueError, TypeError):
        raise StoreError(f"{source} is no backup of ours: it has no sound {MANIFEST}; nothing was changed") from None
    if schema != SCHEMA:
        raise StoreError(f"{source} was written by a newer interview: upgrade, then restore it; nothing was changed")
    return contents


def check_names(source: Path, archive: zipfile.ZipFile) -> None:
    """Only our own names, none that leads elsewhere."""
    for entry in archive.infolist():
        path = PurePosixPath(entry.filename)
        ours = path.parts and path.parts[0] in (MANIFEST, HISTORY, *PARTS)
        if not ours or path.is_absolute() or ".." in path.parts or "\\" in entry.filename:
            raise StoreError(f"{source} holds {entry.filename!r}, which no backup of ours does; nothing was changed")
    if sum(entry.file_size for entry in archive.infolist()) > LARGE:
        raise StoreError(f"{source} would unpack to more than {LARGE >> 30} GiB; nothing was changed")


def set_aside(home: Path, names: list[str], now: datetime) -> Path | None:
    """Move what is there into one folder, the log with what SQLite keeps beside it."""
    beside = [f"{HISTORY}-wal", f"{HISTORY}-shm"]
    there = [home / name for name in [*names, *beside] if (home / name).exists()]
    if not there:
        return None
    aside = free(home / f"replaced-{now:%Y%m%d-%H%M%S}")
    aside.mkdir()
    for path in there:
        path.rename(aside / path.name)
    return aside
