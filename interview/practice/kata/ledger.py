"""The ledger of a kata: what the history says besides verdicts, and the blank file in an answer's place."""

from __future__ import annotations

import errno
import os
from contextlib import suppress
from datetime import date, datetime
from enum import Enum, auto
from pathlib import Path

from interview.content.katas.kata import Kata
from interview.content.reading.source import digest
from interview.errors import UsageError
from interview.log.record import GiveUp, HandOut
from interview.log.store import Store
from interview.practice.kata.submission import read_submission
from interview.practice.kata.workspace import (
    begin_hints_anew,
    hand_out,
    keep_copy,
    sheet,
    untouched,
    unwritable,
    write_new,
)


def note_hand_out(store: Store, kata_id: str, *, now: datetime, day: date) -> None:
    """A blank file was handed out: a sitting begins, and its minutes count from now."""
    store.append(HandOut(kata_id, now, day))


def note_give_up(store: Store, home: Path, kata_id: str, *, now: datetime, day: date) -> None:
    """The solution is shown before it was earned. The sitting ends, and the ladder of hints begins anew."""
    store.append(GiveUp(kata_id, now, day))
    with suppress(OSError):  # the give-up is noted; the ladder may begin where it was
        begin_hints_anew(home, kata_id)


class Begun(Enum):
    """What `begin_again` found: nothing, the blank file as it was handed out, or an answer, which is kept."""

    NEW = auto()
    BLANK = auto()
    KEPT = auto()


def begin_again(store: Store, home: Path, kata: Kata, path: Path, lang: str, *, now: datetime, day: date) -> Begun:
    """Put the file among the attempts and a blank one in its place.

    First the copy is on disk, then the history knows it, and only then one rename replaces the file: whenever it ends
    in between, the answer is where it was. The file that a link leads to is meant.
    """
    path = Path(os.path.realpath(path))
    if hand_out(kata, path, lang):
        note_hand_out(store, kata.id, now=now, day=day)
        return Begun.NEW
    submission = read_submission(path)
    if submission.trouble:
        raise UsageError(
            f"{path} cannot be kept as an attempt: {submission.trouble.en}."
            " It was left as it is: move it away yourself",
            f"{path} 不能作为一次作答保留：{submission.trouble.zh}；文件没有动，请自行移走",
        )
    if untouched(kata.stub, submission.source):
        note_hand_out(store, kata.id, now=now, day=day)
        return Begun.BLANK
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        if not write_new(part, sheet(kata, lang)):
            raise unwritable(part, FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST)))
        sha256 = digest(submission.source)
        copy = keep_copy(home, kata.id, submission.source, sha256=sha256, at=now)
        settle(copy)
        store.append(HandOut(kata.id, now, day, sha256, str(copy)))
        if read_submission(path) != submission:
            raise UsageError(
                f"{path} has changed in this moment and was left as it is: run it again",
                f"{path} 刚刚被改动，没有动它：请再运行一次",
            )
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    return Begun.KEPT


def settle(path: Path) -> None:
    """On disk, before what it is a copy of is replaced."""
    with path.open("rb") as file:
        os.fsync(file.fileno())
