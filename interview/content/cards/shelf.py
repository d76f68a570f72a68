"""The shelf: parsed decks beside the history; fifty cards take 30 ms as YAML and 3 from here.

A copy counts only for the very file it was made from (path, size, time of change) and the very code that read it, and
only where nobody else could have put it; anything odd, and the YAML is read. The folder may be emptied at any time.
"""

from __future__ import annotations

import json
import os
from contextlib import suppress
from dataclasses import field
from pathlib import Path
from zlib import crc32

from interview import cache
from interview.content.cards.deck import Deck
from interview.dataclass import dataclass

CONTENT = Path(__file__).parent.parent
Key = list[str | int] | None


@dataclass(frozen=True, slots=True)
class Shelf:
    """`folder` is where the copies are; None keeps nothing. `settle` writes the new ones, once there is time."""

    folder: Path | None
    fresh: list[tuple[Path, Key, Deck]] = field(default_factory=list)

    def load(self, path: Path) -> Deck:
        """The deck of the file, or a ContentError as reading it would raise."""
        if self.folder is None:
            return read(path)
        key, copy = stamp(path), self.folder / f"{path.stem}-{crc32(bytes(path)):08x}.json"
        deck = take(copy, key)
        if deck is None:
            deck = read(path)
            self.fresh.append((copy, key, deck))
        return deck

    def settle(self) -> None:
        while self.fresh:
            put(*self.fresh.pop())


def read(path: Path) -> Deck:
    from interview.content.cards.deck_file import load_deck

    return load_deck(path)


def stamp(path: Path) -> Key:
    """What the copy must agree with; None for a file that cannot be looked at."""
    try:
        state = path.stat()
        rooms = (room for room in os.scandir(CONTENT) if room.is_dir())
        ours = [entry for room in rooms for entry in os.scandir(room) if entry.name.endswith(".py")]
        code = sum(entry.stat().st_mtime_ns for entry in ours)
    except OSError:
        return None
    return [str(path), state.st_mtime_ns, state.st_size, state.st_ino, code]


def take(copy: Path, key: Key) -> Deck | None:
    from interview.content.cards.kept import take_up

    data = cache.take(copy) if key is not None else None
    try:
        kept, laid = json.loads(data or b"")
        return take_up(laid) if kept == key else None
    except Exception:  # a copy is worth nothing but time: whatever is wrong with it, the YAML is read
        return None


def put(copy: Path, key: Key, deck: Deck) -> None:
    from interview.content.cards.kept import lay_down

    if key is not None:
        with suppress(UnicodeError):
            cache.put(copy, json.dumps([key, lay_down(deck)], ensure_ascii=False).encode())
