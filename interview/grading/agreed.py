"""The agreement: the files that came with a suite that is not ours, and a process that reads them as they were agreed
to.

The suite itself is compiled from the very bytes that were compared. What it imports or opens beside itself is
compared at each opening, by an audit hook that nothing takes off again; of the rest of its pack nothing is read. This
is against a pack that changes after it was agreed to, not against what was agreed to: that runs with all rights.
"""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from interview.content.reading.source import read_regular
from interview.errors import ContentError, in_chinese
from interview.text import Text

MOST_FILES, MOST_BYTES = 1_000, 64 << 20
OPENED = {"open": 0, "import": 1, "ctypes.dlopen": 0}  # which argument of an audit event is a file's name


class NotAgreed(BaseException):
    """A file of a pack that the person has not agreed to run, or not as it is now. No suite may catch it."""

    def __init__(self, en: str, zh: str) -> None:
        super().__init__(en)
        self.said = Text(en, zh)


def inventory(folder: Path) -> dict[str, str]:
    """Every file of a kata's folder with its SHA-256, by its real path: all that its suite may read of the pack, and
    the answers that a diagnosis runs again.

    Not what tools leave behind, which no suite can read either.
    """
    found: dict[str, str] = {}
    room = MOST_BYTES
    for path in map(Path, sorted(files_of(folder))):
        try:
            data = read_regular(path, room)
        except OSError as error:
            raise unread(path, error) from None
        if data is None:
            continue
        room -= len(data)
        found[os.path.realpath(path)] = digest(data)
        if room < 0 or len(found) > MOST_FILES:
            most = f"{MOST_FILES} files or {MOST_BYTES >> 20} MiB"
            raise ContentError(
                f"{folder} holds more than {most}: too much to be read before it runs; a kata is a few small files",
                f"{folder} 超过 {MOST_FILES} 个文件或 {MOST_BYTES >> 20} MiB，运行之前读不过来；一道题只有几个小文件",
            )
    return found


def files_of(folder: Path) -> list[str]:
    def refuse(error: OSError) -> None:
        raise unread(error.filename, error)

    found: list[str] = []
    for where, folders, names in os.walk(folder, onerror=refuse):
        folders[:] = [name for name in folders if not is_left_behind(name)]
        found += (os.path.join(where, name) for name in names if not is_left_behind(name))  # noqa: PTH118
        if len(found) > MOST_FILES:
            break
    return found


def unread(path: str | Path, error: OSError) -> ContentError:
    return ContentError(
        f"{path} cannot be read: {error.strerror}; without it nothing here is run",
        f"读不了 {path}：{in_chinese(error)}；缺了它，这里什么都不会运行",
    )


def is_left_behind(name: str) -> bool:
    return name.startswith(".") or name == "__pycache__"


def read_suite(hidden: Path, agreed: Mapping[str, str] | None) -> bytes:
    """The bytes of a suite; NotAgreed when they are others than those agreed to. `agreed` is None for our own."""
    data = read_regular(hidden, MOST_BYTES)
    if data is None:
        raise NotAgreed(f"{hidden}:1: cannot be read: it is no regular file", f"{hidden}:1: 读不了：它不是普通文件")
    if agreed is not None and agreed.get(os.path.realpath(hidden)) != digest(data):
        raise changed(hidden)
    return data


def digest(data: bytes | None) -> str:
    return hashlib.sha256(data or b"").hexdigest()


def changed(path: Path) -> NotAgreed:
    return NotAgreed(
        f"{path} has changed since you agreed to run it; run the command again and look at it first",
        f"{path} 在你同意运行之后改过；先看看改了什么，再运行一次",
    )


def guard(folder: Path, agreed: Mapping[str, str]) -> None:
    """From here on this process opens no file of the pack but those agreed to, and those as they were."""
    within, above = ending(folder), folder.parent
    root = above.parent if above.name == "katas" else folder
    pack = ending(root if root.name else above)  # the whole disk is no pack
    areas = tuple(area for area in interpreter() if not within.startswith(area))
    busy = False

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        nonlocal busy
        name = arguments[OPENED[event]] if event in OPENED and not busy else None
        if name is None or isinstance(name, int):  # a descriptor: it was looked at when it was opened
            return
        busy = True
        try:
            compare(Path(os.path.abspath(os.fsdecode(name))))  # noqa: PTH100  (links are not followed yet)
        finally:
            busy = False

    def compare(path: Path) -> None:
        real = os.path.realpath(path)
        if real in agreed:
            if digest(read_regular(Path(real), MOST_BYTES)) != agreed[real]:
                raise changed(path)
        elif is_foreign(str(path)) or is_foreign(real):
            raise NotAgreed(
                f"{path} was not agreed to: what a suite reads of its pack lies in its own folder",
                f"{path} 不在你同意运行的文件之内：隐藏测试只能读自己文件夹里的东西",
            )

    def is_foreign(path: str) -> bool:
        return path.startswith(within) or (path.startswith(pack) and not path.startswith(areas))

    sys.addaudithook(hook)


def ending(folder: str | Path) -> str:
    """With a separator at its end, so that what starts with it lies below."""
    return os.path.join(os.path.realpath(folder), "")  # noqa: PTH118


def interpreter() -> set[str]:
    """Where Python, what is installed for it, and this package lie: a pack may hold the environment that runs it."""
    ours = str(Path(__file__).resolve().parent.parent)
    named = (*sys.path, sys.prefix, sys.base_prefix, ours)
    return {ending(each) for each in named if each}
