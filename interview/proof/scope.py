"""The scope of one run of lint, and where its cards may point."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from interview.content.catalog import deck_files, entries, is_kata, is_references, kata_folders, references_in
from interview.content.reading.problem import short
from interview.dataclass import dataclass
from interview.errors import UsageError


@dataclass(frozen=True, slots=True)
class Scope:
    """`around` are packs that are not looked at, but whose cards, katas and references exist."""

    decks: tuple[Path, ...] = ()
    katas: tuple[Path, ...] = ()
    references: tuple[Path, ...] = ()
    around: tuple[Path, ...] = ()

    @property
    def known_decks(self) -> tuple[Path, ...]:
        """Looked at or not: the decks, those beside them, and those of the packs around."""
        folders = dict.fromkeys((*(each.parent for each in self.decks), *(root / "questions" for root in self.around)))
        return tuple(dict.fromkeys((*self.decks, *(path for folder in folders for path in decks_in(folder)))))

    @property
    def known_katas(self) -> Mapping[str, Path]:
        """The folders by name, those looked at before all others."""
        packs = dict.fromkeys((*self.around, *(each.parent.parent for each in self.decks)))
        own = ((each.name, each) for each in self.katas)
        return dict(reversed([*own, *(named for root in packs for named in kata_folders(root).items())]))

    @property
    def known_references(self) -> tuple[Path, ...]:
        folders = dict.fromkeys((*(each.parent for each in self.decks), *(root / "questions" for root in self.around)))
        return tuple(dict.fromkeys((*self.references, *(path for each in folders for path in references_in(each)))))

    @property
    def locks(self) -> tuple[Path, ...]:
        """Where a lock of the decks is kept, whether it is there or not."""
        folders = dict.fromkeys(each.parent for each in self.decks)
        return tuple(folder / "ids.lock" for folder in folders if folder.name == "questions")


def scope_of(path: Path | None, roots: tuple[Path, ...]) -> Scope:
    """`path` is a pack, its `questions/` or `katas/`, one deck's file, one kata's folder; None is all of `roots`."""
    if path is None:
        return entire(*roots, around=roots)
    path = path.absolute()
    around = tuple(dict.fromkeys((*packs_of(path), *roots)))
    if not path.exists():
        raise UsageError(
            f"{short(path)} is not there; give a deck's file, a kata's folder, or a folder with both",
            f"{short(path)} 不存在；请给出题库文件、手写题文件夹，或同时含有两者的文件夹",
        )
    if path.is_file():
        return one_file(path, around)
    if is_kata(path):
        return Scope(katas=(path,), around=around)
    if (path / "questions").is_dir() or (path / "katas").is_dir():
        return entire(path, around=around)
    katas = tuple(filter(is_kata, entries(path)))
    scope = Scope(decks_in(path), katas, references_in(path), around)
    if not (scope.decks or scope.katas or scope.references):
        raise UsageError(
            f"{short(path)} holds neither a deck (NAME.yaml) nor a kata (NAME/kata.yaml)",
            f"{short(path)} 里既没有题库（NAME.yaml），也没有手写题（NAME/kata.yaml）",
        )
    return scope


def one_file(path: Path, around: tuple[Path, ...]) -> Scope:
    if path.suffix == ".yaml" and path.name != "kata.yaml":
        here = Scope(references=(path,)) if is_references(path) else Scope(decks=(path,))
        return replace(here, around=around)
    folder = next((each for each in path.parents if (each / "kata.yaml").exists()), None)
    if folder is None:
        raise UsageError(
            f"{short(path)} is neither a deck (NAME.yaml) nor part of a kata's folder",
            f"{short(path)} 既不是题库（NAME.yaml），也不属于手写题文件夹",
        )
    return Scope(katas=(folder,), around=around)


def entire(*packs: Path, around: tuple[Path, ...]) -> Scope:
    return Scope(
        decks=tuple(path for root in packs for path in deck_files(root).values()),
        katas=tuple(path for root in packs for path in kata_folders(root).values()),
        references=tuple(path for root in packs for path in references_in(root / "questions")),
        around=around,
    )


def packs_of(path: Path) -> tuple[Path, ...]:
    """The pack that `path` is, or is part of."""
    return tuple(each.parent for each in (path / "questions", *path.parents) if each.name in ("questions", "katas"))[:2]


def decks_in(folder: Path) -> tuple[Path, ...]:
    return tuple(each for each in entries(folder) if each.suffix == ".yaml" and not is_references(each))
