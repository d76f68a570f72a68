"""The archive: the person's folder in one file and back, history, attempts, decks of one's own, preferences.

A backup is a zip with `backup.json` in it. A restore looks at all of it before it moves anything, and what was there is
moved aside, never deleted.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
import unicodedata
import zipfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path, PurePosixPath

from interview.dataclass import dataclass
from interview.errors import Damaged, InterviewError, StoreError
from interview.log.check import rewrite, verify
from interview.log.file import MAGIC, beside, first_bytes
from interview.log.place import area, put_in_place
from interview.log.store import Store
from interview.practice.exchange.zipped import Entry, Unsound, entries_of, read_entry
from interview.printable import printable_line

SCHEMA = 1
MANIFEST, HISTORY = "backup.json", "history.db"
BESIDE = (f"{HISTORY}-wal", f"{HISTORY}-shm")
FOLDERS, SETTINGS = ("attempts", "pack"), ("config.toml", "plan.toml", "fsrs.toml", "packs.txt")
PARTS = (*FOLDERS, *SETTINGS)  # beside the history
SMALL = 64 << 10  # bytes of the manifest, and of the settings
LARGE = 1 << 30  # bytes unpacked; no history of a person comes near
MANY = 50_000  # files
LONGEST = 255  # bytes of a name, on most disks


@dataclass(frozen=True, slots=True)
class Contents:
    """What a backup holds: events in the log, and files beside it. `made` is None for a bare copy of the log.

    `unread` are the numbers of events that say nothing we know.
    """

    made: str | None
    events: int
    files: int
    unread: tuple[int, ...] = ()


# There


def back_up(home: Path, target: Path, now: datetime) -> Contents:
    """Everything of `home` that is the person's own, into the zip `target`."""
    with tempfile.TemporaryDirectory() as scratch:
        copy = Path(scratch) / HISTORY
        with Store.peek(home / HISTORY) as store:
            store.copy_to(copy)
        events, unread = verify(copy)
        files = [(path, path.relative_to(home).as_posix()) for path in files_of(home)]
        refuse_names(home, [HISTORY, MANIFEST, *(name for _, name in files)])
        refuse_size(home, len(files), sum(path.stat().st_size for path, _ in [(copy, ""), *files]))
        contents = Contents(now.isoformat(), events, len(files), tuple(unread))
        manifest = {"schema": SCHEMA, "made": contents.made, "events": events, "files": len(files)}
        with zipfile.ZipFile(target, "x", zipfile.ZIP_DEFLATED, strict_timestamps=False) as archive:
            for path, name in [(copy, HISTORY), *files]:
                archive.write(path, name)
            archive.writestr(MANIFEST, json.dumps(manifest, indent=1) + "\n")
    return contents


def files_of(home: Path) -> Iterator[Path]:
    for name in PARTS:
        path = home / name
        yield from [path] if path.is_file() else sorted(each for each in below(path) if each.is_file())


def below(folder: Path) -> Iterator[Path]:
    """Everything under a folder; one that may not be read is no empty one: an OSError."""

    def refuse(error: OSError) -> None:
        raise error

    if folder.is_dir():
        for where, _, names in os.walk(folder, onerror=refuse):
            yield from (Path(where, name) for name in names)


# And back


def restore(
    source: Path,
    home: Path,
    now: datetime,
    *,
    check_settings: Callable[[Path], object],
    agree: Callable[[Contents, int], None],
    force: bool = False,
) -> tuple[Contents, Path | None]:
    """Put the backup in the place of what is there; what it held, and the folder where the old is now, if any.

    `check_settings` raises for a folder whose preferences cannot be used. `agree` is asked when there is less in the
    backup than in the history that is there (with the number of its events), and raises to leave all as it is. With
    `force` it is not asked, and rows that say nothing we know come along.
    """
    with area(home) as folder:
        contents = unpack(source, folder, check_settings)
        if contents.unread and not force:
            some = ", ".join(map(str, contents.unread[:8]))
            raise refusal(
                source,
                f"rows of its history cannot be read (number {some}); --force restores it all the same",
                f"其中的历史有几行读不懂（第 {some} 行）；仍要恢复请加 --force",
            )
        if not force and contents.events < (there := count_events(home / HISTORY)):
            agree(contents, there)
        names = [HISTORY, *BESIDE] if contents.made is None else [HISTORY, *BESIDE, *PARTS]
        return contents, put_in_place(home, folder, names, now)


def count_events(history: Path) -> int:
    """What can be read of the history that is there: none of a damaged file of which nothing is left.

    One that is merely locked, newer or somebody else's may hold more than any backup: that is a complaint.
    """
    try:
        with Store.peek(history) as store:
            return store.count()
    except Damaged:
        return 0
    except StoreError as error:
        more = "--force restores the backup all the same", "仍要恢复备份请加 --force"
        raise StoreError(f"{error}; {more[0]}", f"{error.zh}；{more[1]}") from None


def unpack(source: Path, into: Path, check_settings: Callable[[Path], object]) -> Contents:
    """The backup's files, all of them looked at. A bare copy of the log (`backups/`) will do too."""
    raw = into / "history.raw"
    if first_bytes(source, len(MAGIC)) == MAGIC:
        contents = Contents(None, 0, 0)
        copy_log(source, raw)
    else:
        contents = unpack_zip(source, into, raw)
        check(source, into, check_settings)
    try:
        events, unread = rewrite(raw, into / HISTORY, source)
    except Damaged as error:
        en, zh = error.what
        raise refusal(source, f"its history is damaged: {en}", f"其中的历史已损坏：{zh}") from None
    if contents.made is not None and events != contents.events:
        raise refusal(
            source,
            f"it says that it holds {contents.events} events, and holds {events}",
            f"它自称有 {contents.events} 条记录，实有 {events} 条",
        )
    return replace(contents, events=events, unread=tuple(unread))


def copy_log(source: Path, raw: Path) -> None:
    """With what was not yet written from its -wal."""
    wal, _ = beside(source)
    if source.stat().st_size + (wal.stat().st_size if wal.is_file() else 0) > LARGE:
        raise refusal(source, f"it is larger than {LARGE >> 30} GiB", f"超过 {LARGE >> 30} GiB")
    shutil.copyfile(source, raw)
    if wal.is_file():
        shutil.copyfile(wal, f"{raw}-wal")


def unpack_zip(source: Path, into: Path, raw: Path) -> Contents:
    try:
        found = entries_of(source, most=MANY + 2)
        refuse_names(source, [entry.name for entry in found])
        refuse_size(source, len(found) - 2, sum(entry.size for entry in found))
        entries = {entry.name: entry for entry in found}
        contents = read_manifest(source, entries)
        for name, entry in entries.items():
            if name != MANIFEST:
                target = raw if name == HISTORY else into / name
                target.parent.mkdir(parents=True, exist_ok=True)
                with target.open("xb") as file:
                    for part in read_entry(source, entry):
                        file.write(part)
    except Unsound as error:
        raise refusal(
            source, f"it is damaged, or no backup of ours: {error}", "已损坏，或不是 interview 的备份"
        ) from None
    if len(entries) - 2 != contents.files:
        raise refusal(
            source,
            f"it says that it holds {contents.files} files, and holds {len(entries) - 2}",
            f"它自称有 {contents.files} 个文件，实有 {len(entries) - 2} 个",
        )
    return contents


def read_manifest(source: Path, entries: dict[str, Entry]) -> Contents:
    try:
        if HISTORY not in entries or entries[MANIFEST].size > SMALL:
            raise ValueError  # noqa: TRY301
        manifest = json.loads(b"".join(read_entry(source, entries[MANIFEST])))
        schema, made, *numbers = (manifest[name] for name in ("schema", "made", "events", "files"))
        datetime.fromisoformat(made)
        if any(type(each) is not int or each < 0 for each in (schema, *numbers)):
            raise ValueError  # noqa: TRY301
    except (KeyError, ValueError, TypeError, RecursionError):
        raise refusal(
            source,
            f"it is no backup of ours: it has no sound {MANIFEST}",
            f"不是 interview 的备份：没有完好的 {MANIFEST}",
        ) from None
    if schema != SCHEMA:
        raise refusal(
            source,
            "it was written by a newer interview: upgrade, then restore it",
            "是更新版本的 interview 写的，请升级后再恢复",
        )
    return Contents(made, numbers[0], numbers[1])


def check(source: Path, into: Path, check_settings: Callable[[Path], object]) -> None:
    try:
        check_settings(into)
    except InterviewError as error:
        raise refusal(source, *(error.say(lang).replace(f"{into}/", "") for lang in ("en", "zh"))) from None


def refuse_names(source: Path, names: Iterable[str]) -> None:
    """Only our own names, none that leads elsewhere, and no two that some disk takes for one."""
    files: set[str] = set()
    folders: dict[str, str] = {}
    for name in names:
        path = PurePosixPath(name)
        ours = name in (MANIFEST, HISTORY, *SETTINGS) or (len(path.parts) > 1 and path.parts[0] in FOLDERS)
        plain = path.as_posix() == name and ".." not in path.parts and "\\" not in name
        plain = plain and all(len(os.fsencode(each)) <= LONGEST for each in path.parts)
        if not ours or not plain or printable_line(name) != name:
            raise refusal(
                source,
                f"it holds {printable_line(name, 100)!r}, which no backup of ours does",
                f"它含有 {printable_line(name, 100)!r}，我们的备份里不会有",
            )
        above = {fold(str(each)): str(each) for each in path.parents}
        if fold(name) in files or any(folders.setdefault(each, spelt) != spelt for each, spelt in above.items()):
            raise refusal(
                source,
                f"it holds {name!r} twice, or in two spellings that are one to some disks",
                f"它两次含有 {name!r}，或有两种在某些磁盘上相同的写法",
            )
        files.add(fold(name))
    if both := sorted(files & folders.keys()):
        raise refusal(
            source, f"it holds {both[0]!r} as a file and as a folder", f"它里面的 {both[0]!r} 既是文件又是文件夹"
        )


def fold(name: str) -> str:
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())


def refuse_size(source: Path, files: int, size: int) -> None:
    if files > MANY or size > LARGE:
        raise refusal(
            source,
            f"more than {MANY} files or {LARGE >> 30} GiB are more than a backup holds",
            f"超过 {MANY} 个文件或 {LARGE >> 30} GiB，备份不会这么大",
        )


def refusal(source: Path, en: str, zh: str) -> StoreError:
    return StoreError(f"{source}: {en}; nothing was changed", f"{source}：{zh}；什么都没有改动")
