"""The catalog: where decks and katas are, ours first, then the packs; finding one reads no other."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import TypeVar

from interview.content.reading.problem import Problem, UnsoundError, short
from interview.errors import ContentError

T = TypeVar("T")
WORD = re.compile(r"[\w-]+")
NAME = re.compile(r"\w[\w-]*")


def deck_files(root: Path) -> dict[str, Path]:
    """A root's decks by name: `questions/NAME.yaml`, but for the references."""
    found = (path for path in entries(root / "questions") if path.suffix == ".yaml")
    return {path.stem: path for path in found if not is_references(path)}


def kata_folders(root: Path) -> dict[str, Path]:
    """A root's katas by name: `katas/NAME/kata.yaml`."""
    return {path.name: path for path in entries(root / "katas") if is_kata(path)}


def entries(folder: Path) -> list[Path]:
    """What a folder holds; nothing where there is none. One that may not be read is no empty one: an OSError."""
    try:
        return sorted(folder.iterdir())
    except (FileNotFoundError, NotADirectoryError):
        return []


def is_kata(folder: Path) -> bool:
    """One that may not be entered, or lacks its `kata.yaml`, is taken for a kata: reading it says what is wrong."""
    for name in ("kata.yaml", "hidden.py"):
        try:
            (folder / name).lstat()
        except (FileNotFoundError, NotADirectoryError):
            continue
        except OSError:
            return True
        return True
    return False


def is_references(path: Path) -> bool:
    """`references.yaml`, or a part of it such as `refs-attention.yaml`."""
    return path.stem.startswith(("references", "refs"))


def references_in(folder: Path) -> tuple[Path, ...]:
    return tuple(each for each in entries(folder) if each.suffix == ".yaml" and is_references(each))


def deck_names(roots: Iterable[Path]) -> list[str]:
    return names(roots, deck_files)


def kata_names(roots: Iterable[Path]) -> list[str]:
    return names(roots, kata_folders)


def find_deck(roots: Iterable[Path], name: str) -> Path | None:
    """The file of a deck, or None. A name in two packs is refused: a card is known by `deck/id`."""
    return only(roots, name, deck_files)


def find_kata(roots: Iterable[Path], name: str) -> Path | None:
    """The folder of a kata, or None. Whatever else lies at its place is found too: reading it says what is wrong."""
    kept = tuple(roots)
    places = (root / "katas" / name for root in kept if WORD.fullmatch(name))
    return only(kept, name, kata_folders) or next(filter(os.path.lexists, places), None)


def spelt(name: str, known: Iterable[str]) -> str:
    """The name as it is known, where only the case differs: `DROPOUT` finds `dropout`."""
    names = list(known)
    return name if name in names else next((each for each in names if each.casefold() == name.casefold()), name)


def clashes(roots: Iterable[Path]) -> Iterator[Problem]:
    """Every name that two packs use."""
    kept = tuple(roots)
    for files, what, what_zh in ((deck_files, "deck", "题库"), (kata_folders, "kata", "手写题")):
        first: dict[str, Path] = {}
        for root in kept:
            for name, path in files(root).items():
                if name in first and real(path) != real(first[name]):
                    other = short(first[name])
                    yield Problem(
                        path,
                        1,
                        f"the {what} `{name}` is also {other}; rename one of them",
                        f"{what_zh} `{name}` 也在 {other}；请给其中一个改名",
                    )
                first.setdefault(name, path)


def names(roots: Iterable[Path], files: Callable[[Path], Mapping[str, Path]]) -> list[str]:
    """In the order of the roots, each once; none that no deck and no kata can have, and that a shell would obey."""
    return list(dict.fromkeys(name for root in roots for name in files(root) if NAME.fullmatch(name)))


def only(roots: Iterable[Path], name: str, files: Callable[[Path], Mapping[str, Path]]) -> Path | None:
    named: dict[str, Path] = {}
    for path in (path for root in roots for known, path in files(root).items() if known == name):
        named.setdefault(real(path), path)
    found = list(named.values())
    if len(found) > 1:
        text = f"`{name}` is also {short(found[0])}; rename one of them, or take its pack out (`interview pack list`)"
        zh = f"`{name}` 也在 {short(found[0])}；请给其中一个改名，或去掉它的题包（`interview pack list`）"
        raise UnsoundError([Problem(found[1], 1, text, zh)])
    return found[0] if found else None


def real(path: Path) -> str:
    """By which two names of one thing are known as such."""
    return os.path.realpath(path)


def load_all(
    roots: Iterable[Path], files: Callable[[Path], Mapping[str, Path]], load: Callable[[Path], T]
) -> tuple[list[T], list[ContentError]]:
    found: list[T] = []
    errors: list[ContentError] = []
    for path in dict.fromkeys(path for root in roots for path in files(root).values()):
        try:
            found.append(load(path))
        except ContentError as error:
            errors.append(error)
    return found, errors
