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
        for kata in {str(each) for root in roots for each in katas(root)}:
            for entry in secrets(kata):
                self.sizes.setdefault(entry.stat().st_size, []).append(entry.path)

    def within(self, top: Path, names: Collection[str]) -> Iterator[Path]:
        """What holds content of ours, or cannot be looked into, among the entries of `top` with these `names`."""
        waiting: list[tuple[str, Collection[str]]] = [(str(top), ())]
        while waiting:
            folder, beside = waiting.pop()
            listed = entries(folder)
            if listed is not None and folder == str(top):
                listed = [each for each in listed if each.name in names]
            if listed is None or MARK in (here := [each.name for each in listed]):
                yield Path(folder)
                continue
            sources = {name[:-3] for name in here if name.endswith(".py")}
            for entry, name in zip(listed, here, strict=True):  # what a link names is open or closed by itself
                if entry.is_dir(follow_symlinks=False):
                    waiting.append((entry.path, sources if name == "__pycache__" else ()))
                elif self.owns(entry, name, beside):
                    yield from (Path(entry.path), Path(folder, "__pycache__"))

    def owns(self, entry: os.DirEntry[str], name: str, sources: Collection[str]) -> bool:
        """`sources`: the modules whose compiled files lie in this folder, and tell what those are. Most are such."""
        if name.endswith(".py"):
            return self.equals(entry)
        if name.endswith(".pyc"):
            return name.partition(".")[0] not in sources and self.compiles(entry.path)
        if name.endswith(ZIPS):
            return self.packs(entry.path)
        return name.endswith(TARS) or ".tar." in name

    def equals(self, entry: os.DirEntry[str]) -> bool:
        alike = self.sizes.get(entry.stat(follow_symlinks=False).st_size)
        return alike is not None and content(entry.path) in map(content, alike)

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


def katas(root: Path) -> Iterator[Path]:
    """The folders of the katas that `root` is, holds, or holds in its `katas/`."""
    for folder in (root, *listing(root), *listing(root / "katas")):
        if os.path.isfile(folder / MARK):  # noqa: PTH113  (False also where it may not be looked at)
            yield folder


def secrets(kata: str) -> Iterator[os.DirEntry[str]]:
    """What gives a kata's answer away: its suite, and what proves it."""
    yield from (each for each in entries(kata) or () if each.name == "hidden.py" and is_file(each))
    waiting = [f"{kata}/submissions"]
    while waiting:
        for each in entries(waiting.pop()) or ():
            if each.is_dir(follow_symlinks=False):
                waiting.append(each.path)
            elif each.name.endswith(".py") and is_file(each):
                yield each


def is_file(entry: os.DirEntry[str]) -> bool:
    """Also through links; one that leads nowhere, or in a circle, is none."""
    try:
        return entry.is_file()
    except OSError:
        return False


def listing(folder: Path) -> list[Path]:
    try:
        return list(folder.iterdir())
    except OSError:
        return []


@cache
def content(path: str) -> bytes:
    try:
        with os.fdopen(os.open(path, os.O_RDONLY), "rb", buffering=0) as file:
            return file.read()
    except OSError:
        return b""
