"""The shelf: what was read of decks and katas, kept beside the history; fifty cards take 30 ms as YAML and 3 from here.

A copy counts only for the very files it was made from (path, size, time of change) and the very code that read them,
and only where nobody else could have put it; anything odd, and the files are read. Of a kata its entry is kept, no
code. The folder may be emptied at any time.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import field
from functools import cache as once
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar
from zlib import crc32

from interview import cache
from interview.content.cards.deck import Deck
from interview.content.catalog import deck_files, kata_folders, load_all
from interview.dataclass import dataclass
from interview.errors import ContentError

if TYPE_CHECKING:
    from interview.content.katas.entry import KataEntry

T = TypeVar("T")
CONTENT = Path(__file__).parent
Stamp = list[str | int]
Key = list[int | list[Stamp]] | None


@dataclass(frozen=True, slots=True)
class Shelf:
    """`folder` is where the copies are; None keeps nothing. `settle` writes the new ones, once there is time."""

    folder: Path | None
    fresh: list[tuple[Path, Key, object]] = field(default_factory=list)

    def deck(self, path: Path) -> Deck:
        """The deck of the file, or a ContentError as reading it would raise."""
        return self._load(Deck, path, lambda: read_deck(path))

    def kata(self, folder: Path) -> KataEntry:
        """The entry of the kata in the folder, or a ContentError as reading it would raise."""
        from interview.content.katas.entry import KataEntry

        return self._load(KataEntry, folder / "kata.yaml", lambda: read_kata(folder))

    def decks(self, roots: Iterable[Path]) -> tuple[list[Deck], list[ContentError]]:
        """Every deck that can be read, and why the others cannot."""
        return load_all(roots, deck_files, self.deck)

    def katas(self, roots: Iterable[Path]) -> tuple[list[KataEntry], list[ContentError]]:
        return load_all(roots, kata_folders, self.kata)

    def settle(self) -> None:
        while self.fresh:
            put(*self.fresh.pop())

    def _load(self, kind: type[T], path: Path, read: Callable[[], tuple[Key, T]]) -> T:
        if self.folder is None:
            return read()[1]
        copy = self.folder / f"{path.parent.name}-{path.stem}-{crc32(bytes(path)):08x}.json"
        value = take(copy, kind, path)
        if value is None:
            key, value = read()
            self.fresh.append((copy, key, value))
        return value


# The files are looked at before they are read: a change in between is one that the copy does not agree with.


def read_deck(path: Path) -> tuple[Key, Deck]:
    from interview.content.cards.deck_file import load_deck

    return key_of(path), load_deck(path)


def read_kata(folder: Path) -> tuple[Key, KataEntry]:
    from interview.content.katas.entry import entry_of
    from interview.content.katas.kata_file import load_kata
    from interview.content.katas.library import files_of

    files = files_of(folder)
    key, kata = key_of(*files), load_kata(folder)
    if lender := kata.lender:  # only now it is known that this one's file is read too
        key, kata = key_of(*files, lender / "kata.yaml"), load_kata(folder)
    return key if kata.lender == lender else None, entry_of(kata)


@once
def code() -> int:
    """The code that reads content, as one number of its times of change."""
    rooms = (CONTENT, *(Path(room) for room in os.scandir(CONTENT) if room.is_dir()))
    return sum(each.stat().st_mtime_ns for room in rooms for each in os.scandir(room) if each.name.endswith(".py"))


def key_of(*files: Path) -> Key:
    """What a copy must agree with; None for a file that cannot be looked at."""
    try:
        return [code(), [stamp(each) for each in files]]
    except OSError:
        return None


def stamp(path: Path) -> Stamp:
    state = path.stat()
    return [str(path), state.st_mtime_ns, state.st_size, state.st_ino]


def take(copy: Path, kind: type[T], path: Path) -> T | None:
    from interview.content.reading.kept import take_up

    data = cache.take(copy)
    try:
        key, laid = json.loads(data or b"")
        files = [Path(name) for name, *_ in key[1]]
        return take_up(kind, laid) if files[0] == path and key_of(*files) == key else None
    except Exception:  # a copy is worth nothing but time: whatever is wrong with it, the files are read
        return None


def put(copy: Path, key: Key, value: object) -> None:
    from interview.content.reading.kept import lay_down

    if key is not None:
        with suppress(UnicodeError):
            cache.put(copy, json.dumps([key, lay_down(value)], ensure_ascii=False).encode())
