"""The mending of the history. What is put in its place never holds less than it did."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from typing import Literal

from interview.dataclass import dataclass
from interview.errors import Damaged, StoreError
from interview.log.check import is_readable, verify
from interview.log.file import Row, backups, create, is_there, refuse_busy, refuse_orphan, refuse_unwritable
from interview.log.place import area, put_in_place, recover
from interview.log.store import Store
from interview.printable import printable_line
from interview.text import Text

HistoryState = Literal["none", "sound", "damaged", "unusable"]
Run = tuple[int, int]  # the first number and the last
NAMES = ("history.db", "history.db-wal", "history.db-shm")


@dataclass(frozen=True, slots=True)
class Health:
    """`state` in a word: none, sound, damaged, or unusable, which no backup mends (in use, read-only, newer).

    `events` are those that were counted in a sound file, and `read` those that can be had of it, sound or not;
    `unread` are the numbers of rows that say nothing we know, `lost` the runs of numbers that no page holds.
    """

    state: HistoryState
    events: int | None
    read: int = 0
    unread: tuple[int, ...] = ()
    lost: tuple[Run, ...] = ()
    need: Text | None = None

    @property
    def mendable(self) -> bool:
        return self.state == "damaged" or (self.state == "sound" and bool(self.unread))


@dataclass(frozen=True, slots=True)
class Mended:
    """`read` rows came from the history as it was, `added` from `backup`; it is in `aside` now."""

    read: int
    added: int
    backup: Path | None
    aside: Path


def look_at(history: Path) -> Health:
    """Looks only: whatever the file is, it stays as it is."""
    try:
        recover(history.parent)
        if not is_there(history):
            refuse_orphan(history)
            return Health("none", 0)
        events, unread = verify(history)
    except Damaged as error:
        return damage(history, error)
    except StoreError as error:
        return Health("unusable", None, need=as_it_is(error))
    try:
        refuse_unwritable(history)
        refuse_busy(history)
    except StoreError as error:
        return Health("unusable", events, events - len(unread), tuple(unread), need=as_it_is(error))
    need = unread_rows(history, unread) if unread else None
    return Health("sound", events, events - len(unread), tuple(unread), need=need)


def damage(history: Path, error: Damaged) -> Health:
    try:
        rows = salvage(history, error)
    except StoreError as worse:
        return Health("unusable", None, need=as_it_is(worse))
    bad = tuple(number for number, row in rows.items() if not is_readable(row))
    gone = gaps(rows)
    left = len(rows) - len(bad)
    not_read = said(sorted([*runs(bad), *gone]))
    not_en = f"; those that cannot: number {not_read}" if not_read else ""
    not_zh = f"；第 {not_read} 行读不出" if not_read else ""
    kept = [each.name for each in backups(history)[-1:]]
    if left or kept:
        en, zh = (f" and those of {kept[0]}", f"和备份 {kept[0]} 中的记录") if kept else ("", "")
        fix_en = f"`interview doctor --fix` puts them{en} into a new file, and keeps this one"
        fix_zh = f"`interview doctor --fix` 把它们{zh}写入新文件，并保留这一份"
    else:
        fix_en = "There is no backup: move it aside to begin anew"
        fix_zh = "也没有备份：把它移到一旁，就可以重新开始"
    need = Text(
        f"{history} is damaged ({error.what[0]}). Rows that can be read: {left}{not_en}. {fix_en}",
        f"{history} 已损坏（{error.what[1]}）。能读出 {left} 行{not_zh}。{fix_zh}",
    )
    return Health("damaged", None, left, bad, gone, need)


def unread_rows(history: Path, numbers: Iterable[int]) -> Text:
    rows = said(runs(numbers))
    return Text(
        f"{history} is sound, but for what some rows say: number {rows}. They are passed over; "
        "`interview doctor --fix` takes them from a backup, if one still has them",
        f"{history} 本身完好，但第 {rows} 行无法解读，已跳过；如果备份里还有，`interview doctor --fix` 会从中取回",
    )


def as_it_is(error: StoreError) -> Text:
    return Text(printable_line(error.say("en")), printable_line(error.say("zh")))


def runs(numbers: Iterable[int]) -> list[Run]:
    found: list[Run] = []
    for number in sorted(numbers):
        if found and number == found[-1][1] + 1:
            found[-1] = (found[-1][0], number)
        else:
            found.append((number, number))
    return found


def gaps(numbers: Iterable[int]) -> tuple[Run, ...]:
    """What lies between the runs: a row is never deleted, so it was there."""
    ends = [(0, 0), *runs(numbers)]
    return tuple((last + 1, first - 1) for (_, last), (first, _) in pairwise(ends) if last + 1 < first)


def said(found: Iterable[Run], most: int = 8) -> str:
    """`4–7, 12`"""
    words = [f"{first}" if first == last else f"{first}–{last}" for first, last in found]
    return ", ".join([*words[:most], *(["…"] if len(words) > most else [])])


def salvage(history: Path, error: Damaged) -> dict[int, Row]:
    """The rows that some page still holds; none where nothing is left."""
    try:
        with Store.salvage(history, error) as store:
            return store.rows()
    except Damaged:
        return {}


def mend(history: Path, now: datetime) -> Mended | None:
    """Put what can be read of the history, and what the newest backup of it has beyond that, into a new file.

    None when that would be no better. StoreError when nothing can be read and there is no sound backup.
    """
    try:
        verify(history)
        with Store.peek(history) as store:
            before, damaged = store.rows(), False
    except Damaged as error:
        before, damaged = salvage(history, error), True
    backup, after = put_together(before, history)
    if not after:
        raise StoreError(
            f"nothing of {history} can be read, and there is no sound backup: move it aside to begin anew",
            f"{history} 什么都读不出，也没有完好的备份：把它移到一旁，就可以重新开始",
        )
    if not damaged and after == before:
        return None
    with area(history.parent) as folder:
        create(folder / NAMES[0], rows=after.values())
        verify(folder / NAMES[0])
        aside = put_in_place(history.parent, folder, NAMES, now)
    assert aside
    added = sum(before.get(number) != row for number, row in after.items())
    return Mended(len(after) - added, added, backup if added else None, aside)


def put_together(before: Mapping[int, Row], history: Path) -> tuple[Path | None, dict[int, Row]]:
    """The rows of both. Where they differ the backup is right, for it proved sound; unless only the other is readable.

    A backup of another history, begun before or after this one, is none of it.
    """
    for backup in reversed(backups(history)):
        rows = rows_of(backup)
        shared = [number for number in rows if number in before]
        if rows and 2 * sum(rows[number] == before[number] for number in shared) >= len(shared):
            taken = {number: row for number, row in rows.items() if is_readable(row) or number not in before}
            return backup, dict(sorted({**before, **taken}.items()))
    return None, dict(before)


def rows_of(backup: Path) -> dict[int, Row]:
    try:
        verify(backup)
        with Store.peek(backup) as store:
            return store.rows()
    except StoreError:
        return {}
