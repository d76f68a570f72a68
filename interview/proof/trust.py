"""The trust in a pack's code: what of it would run, and whether the person has agreed to just that."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import field
from pathlib import Path

from interview.content.katas.library import folders
from interview.content.reading.source import read_regular
from interview.dataclass import dataclass
from interview.errors import in_chinese
from interview.grading.agreed import inventory
from interview.ownership import is_ours
from interview.printable import printable_line
from interview.text import Text
from interview.whole_file import append

FILE = "trusted.txt"  # a line for each answer: the digest, and the path for whoever reads it
LINE = re.compile(rb"([0-9a-f]{64}) ")
MOST = 16 << 20  # bytes of it


@dataclass(frozen=True, slots=True)
class Source:
    """A deck or a kata that brings code. `digest` is of all that would run; `parts` name it to the person.

    `files` are a kata's, with their SHA-256.
    """

    path: Path
    digest: str
    parts: tuple[str, ...]
    files: Mapping[str, str] = field(default_factory=dict, compare=False)

    @property
    def pack(self) -> Path:
        """The folder that holds the `questions/` or `katas/` it lies in, or the one it lies in."""
        above = self.path.parent
        return above.parent if above.name in ("questions", "katas") else above


def kata_source(folder: Path) -> Source:
    """A kata's folder as it is now, and that of a suite lent to it: read once, for the question and for what runs."""
    real = Path(os.path.realpath(folder))
    files = {name: found for each in folders(real) for name, found in inventory(Path(os.path.realpath(each))).items()}
    parts = tuple(os.path.relpath(each, real.parent) for each in files)
    return Source(real, digest(real, *(f"{name} {found}" for name, found in files.items())), parts, files)


def digest(path: Path, *what: str) -> str:
    return hashlib.sha256("\n".join([os.fspath(path), *what]).encode("utf-8", "surrogatepass")).hexdigest()


@dataclass(frozen=True, slots=True)
class Remembered:
    """What the person agreed to before: digests. `trouble` says why that cannot be known; then nothing is trusted."""

    digests: frozenset[str]
    trouble: Text | None = None


def remembered(home: Path) -> Remembered:
    path = home / FILE
    try:
        path.stat()
        data = read_regular(path, MOST) if is_ours(path) else None
    except FileNotFoundError:
        return Remembered(frozenset())
    except OSError as error:
        return Remembered(
            frozenset(), Text(f"{path} cannot be read: {error.strerror}", f"读不了 {path}：{in_chinese(error)}")
        )
    if data is None:
        en = f"{path} is not a file that only you can write, or a folder above it is not, so it is not believed"
        return Remembered(frozenset(), Text(en, f"{path} 或它上面的文件夹，不只你一个人能写，所以不作数"))
    return Remembered(frozenset(found[1].decode() for line in data.splitlines() if (found := LINE.match(line))))


def remember(sources: Iterable[Source], home: Path) -> Text | None:
    """Note that the person agreed, a line each, after what is there. A sentence where it cannot be noted.

    A line begins with its newline: one that an earlier write left unfinished spoils no other.
    """
    path = home / FILE
    lines = "".join(f"\n{each.digest} {printable_line(str(each.path))}" for each in sources)
    try:
        home.mkdir(parents=True, exist_ok=True)
        append(path, lines.encode())
    except OSError as error:
        return Text(
            f"{path} cannot be written: {error.strerror}; it will be asked again",
            f"写不了 {path}：{in_chinese(error)}；下次还会再问",
        )
    return None
