"""Our content, known by what it is: a hidden suite or a proof, wherever a copy of it lies and whatever it is called.

A second install, a stale one, a wheel in a cache or a copy inside another package gives a right answer away as well as
the katas themselves do.
"""

from __future__ import annotations

import os
import zipfile
import zlib
from collections.abc import Collection, Iterable, Iterator
from functools import cache
from pathlib import Path

MARK = "kata.yaml"  # a folder that holds one is a kata, of whatever version
ZIPS = (".zip", ".whl", ".egg", ".pyz", ".pex", ".npz")
TARS = (".tar", ".tgz", ".tbz", ".tbz2", ".txz")  # and .tar.gz: not worth unpacking, so they stay closed


class Ours:
    """The hidden suites and the proofs of the katas at and below `roots`."""

    def __init__(self, roots: Iterable[Path]) -> None:
        self.sizes: dict[int, list[str]] = {}
        for path in {each for root in roots for kata in katas(root) for each in secrets(kata)}:
            self.sizes.setdefault(path.stat().st_size, []).append(str(path))

    def within(self, top: Path, names: Collection[str]) -> Iterator[Path]:
        """What holds content of ours, or cannot be looked into, among the entries of `top` with these `names`."""
        waiting = [str(top)]
        while waiting:
            folder = waiting.pop()
            listed = entries(folder)
            if listed is not None and folder == str(top):
                listed = [each for each in listed if each.name in names]
            if listed is None or any(each.name == MARK for each in listed):
                yield Path(folder)
                continue
            for entry in listed:  # what a link names is open or closed by itself
                if entry.is_dir(follow_symlinks=False):
                    waiting.append(entry.path)
                elif self.owns(entry):
                    yield from (Path(entry.path), Path(folder, "__pycache__"))

    def owns(self, entry: os.DirEntry[str]) -> bool:
        name = entry.name
        if name.endswith(".py"):
            return self.equals(entry)
        if name.endswith(".pyc"):
            return not has_source(entry) and self.compiles(entry.path)
        if name.endswith(ZIPS):
            return self.packs(entry.path)
        return name.endswith(TARS) or ".tar." in name

    def equals(self, entry: os.DirEntry[str]) -> bool:
        alike = self.sizes.get(entry.stat(follow_symlinks=False).st_size, ())
        return any(content(each) == content(entry.path) for each in alike)

    def compiles(self, path: str) -> bool:
        """Was a compiled file made from as many bytes as one of ours has?"""
        head = content(path)[:16]  # magic, flags, time and size of the source; or, with a flag, its hash
        return any(head[4:8]) or int.from_bytes(head[12:16], "little") in self.sizes

    def packs(self, path: str) -> bool:
        try:
            with zipfile.ZipFile(path) as archive:
                return any(self.lists(each) for each in archive.infolist())
        except (OSError, zipfile.BadZipFile, ValueError, NotImplementedError):
            return True

    def lists(self, entry: zipfile.ZipInfo) -> bool:
        if entry.filename.rpartition("/")[2] == MARK:
            return True
        return any(zlib.crc32(content(each)) == entry.CRC for each in self.sizes.get(entry.file_size, ()))


def entries(folder: str) -> list[os.DirEntry[str]] | None:
    try:
        with os.scandir(folder) as found:
            return list(found)
    except OSError:
        return None


def has_source(entry: os.DirEntry[str]) -> bool:
    """Does a compiled file lie in the cache of a source, which tells what it is? Most do."""
    cached, name = entry.path.rpartition("/")[0], entry.name.partition(".")[0]
    return cached.endswith("/__pycache__") and name in sources(cached.removesuffix("/__pycache__"))


@cache
def sources(folder: str) -> set[str]:
    return {each.removesuffix(".py") for each in os.listdir(folder) if each.endswith(".py")}  # noqa: PTH208


def katas(root: Path) -> Iterator[Path]:
    """The folders of the katas that `root` is, holds, or holds in its `katas/`."""
    for folder in (root, *listing(root), *listing(root / "katas")):
        if (folder / MARK).is_file():
            yield folder


def secrets(kata: Path) -> Iterator[Path]:
    """What gives a kata's answer away: its suite, and what proves it."""
    yield from (each for each in (kata / "hidden.py", *(kata / "submissions").rglob("*.py")) if each.is_file())


def listing(folder: Path) -> list[Path]:
    try:
        return list(folder.iterdir())
    except OSError:
        return []


@cache
def content(path: str) -> bytes:
    try:
        return Path(path).read_bytes()
    except OSError:
        return b""
