"""The proofs kept: what was proved sound need not be proved again while all that the proof depends on is the same.

Of a proof hardly more is kept than that it was sound and how long it took, under a hash of all that it depends on: the
files themselves, the code that proves, what is installed, and how thoroughly it was asked. What the table counts is
counted anew. So a file of this folder that is broken, old or somebody else's costs time and changes no verdict.
"""

from __future__ import annotations

import hashlib
import json
import math
import platform
import sys
from collections.abc import Iterable, Iterator
from importlib.metadata import distributions
from pathlib import Path
from zlib import crc32

from interview import cache
from interview.content.katas.library import folders
from interview.content.reading.source import HUGE_DECK, read_regular
from interview.dataclass import dataclass
from interview.errors import ContentError
from interview.grading.agreed import inventory

PACKAGE = Path(__file__).parent.parent.parent
ABOVE = ("cli", "terminal", "practice", "_content")  # rooms that no proof imports, and what lies beside the code
CODE = (".py", ".yaml")


@dataclass(frozen=True, slots=True)
class Took:
    """Of a sound proof what cannot be counted again: seconds of all its judging, those of a right answer's verdict, and
    how many mechanical mutants passed as equivalent."""

    seconds: float = 0.0
    verdict: float = 0.0
    equivalent: int = 0


class Proofs:
    """The proofs kept in `folder`, none without one. With `fresh` none of them counts, and the new ones are kept.

    `begin` is called before a path is read: what changes from there on is neither known nor kept.
    """

    def __init__(self, folder: Path | None, *options: str, fresh: bool = False) -> None:
        self.folder, self.options, self.fresh = folder, options, fresh
        self.ground = ground()  # of the code that is loaded: what is written later is no part of this process
        self.keys: dict[Path, str | None] = {}

    def begin(self, paths: Iterable[Path]) -> None:
        still = self.ground == ground()
        self.keys = {path: self.key(path) if still else None for path in paths}

    def kept(self, path: Path) -> Took | None:
        """What its proof took, where it is kept and nothing has changed."""
        key = self.keys.get(path)
        if self.folder is None or self.fresh or key is None or key != self.key(path):
            return None
        return read_note(cache.take(self.place(path)), key)

    def keep(self, path: Path, took: Took) -> None:
        """It was sound; kept if it is still what was begun with."""
        key = self.keys.get(path)
        if self.folder is not None and key is not None and key == self.key(path) and self.ground == ground():
            cache.put(self.place(path), json.dumps([key, took.seconds, took.verdict, took.equivalent]).encode())

    def place(self, path: Path) -> Path:
        """One file for each path and way of asking: a new proof takes the place of the one before."""
        assert self.folder is not None
        return self.folder / f"{path.stem}-{crc32(repr((str(path), self.options)).encode()):08x}.json"

    def key(self, path: Path) -> str | None:
        """The hash of all that a proof of this deck or kata depends on; None where that cannot be told."""
        try:
            files = contents(path)
            return digest([self.ground, *self.options, *files]) if files is not None else None
        except (OSError, ContentError):
            return None


def contents(path: Path) -> list[str] | None:
    """A deck's file, or a kata's folder and that of a suite lent to it: each file with its hash."""
    if path.is_dir():
        return [f"{name} {found}" for each in folders(path) for name, found in inventory(each.resolve()).items()]
    data = read_regular(path, HUGE_DECK)
    return [f"{path} {hashlib.sha256(data).hexdigest()}"] if data is not None else None


def ground() -> str:
    """The hash of what every proof stands on: our code, Python, the machine's kind, and all that is installed."""
    installed = sorted(f"{each.name} {each.version}" for each in distributions())
    return digest([sys.version, platform.platform(), *installed, *code()])


def code() -> Iterator[str]:
    for path in sorted(PACKAGE.rglob("*")):
        if path.suffix in CODE and path.relative_to(PACKAGE).parts[0] not in ABOVE:
            yield f"{path} {hashlib.sha256(path.read_bytes()).hexdigest()}"


def digest(parts: Iterable[str]) -> str:
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()


def read_note(data: bytes | None, key: str) -> Took | None:
    """What was kept under this key; None for anything odd."""
    try:
        found, seconds, verdict, equivalent = json.loads(data or b"")
        took = Took(float(seconds), float(verdict), int(equivalent))
    except (ValueError, TypeError, OverflowError, RecursionError):
        return None
    numbers = (took.seconds, took.verdict, took.equivalent)
    return took if found == key and all(math.isfinite(each) and each >= 0 for each in numbers) else None
