"""Files written and read, for a program: export, import, backup, restore, new."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from interview.dataclass import dataclass
from interview.report.fields import Among, Count, File, Moment

if TYPE_CHECKING:  # what one of them needs is not imported for the others
    from interview.practice.exchange.archive import Contents
    from interview.practice.exchange.merging import Merge


@dataclass(frozen=True, slots=True)
class ExportJson:
    """`export --json`."""

    file: File
    to: Annotated[str, Among("anki", "csv", "json")]
    decks: tuple[str, ...]
    cards: Count


@dataclass(frozen=True, slots=True)
class MergedJson:
    id: str
    file: File
    new: tuple[str, ...]
    changed: tuple[str, ...]
    same: Count
    kept: File | None


@dataclass(frozen=True, slots=True)
class ImportJson:
    """`import --json`."""

    dry_run: bool
    decks: tuple[MergedJson, ...]


@dataclass(frozen=True, slots=True)
class BackupJson:
    """`backup --json`."""

    file: File
    events: Count
    files: Count


@dataclass(frozen=True, slots=True)
class RestoreJson:
    """`restore --json`."""

    made: Annotated[str, Moment] | None
    events: Count
    files: Count
    kept: File | None


@dataclass(frozen=True, slots=True)
class NewKataJson:
    kata: str
    folder: File
    files: tuple[File, ...]


@dataclass(frozen=True, slots=True)
class NewDeckJson:
    deck: str
    file: File


NewJson = Annotated[NewKataJson | NewDeckJson, "`new --json`: of a kata, or of a deck."]


@dataclass(frozen=True, slots=True)
class PackJson:
    name: str
    folder: File
    decks: tuple[str, ...]
    katas: tuple[str, ...]
    by: Annotated[str, Among("pack", "INTERVIEW_PATH"), "What names it: `interview pack add`, or the variable."]
    trouble: str | None


@dataclass(frozen=True, slots=True)
class PacksJson:
    """`pack --json`: the packs that are named, after what was done to them."""

    packs: tuple[PackJson, ...]


def import_json(merged: Iterable[tuple[Merge, Path | None]], *, dry_run: bool) -> ImportJson:
    """Each deck with the file that was kept of it as it was before."""
    return ImportJson(dry_run, tuple(merged_json(each, kept) for each, kept in merged))


def merged_json(merge: Merge, kept: Path | None) -> MergedJson:
    return MergedJson(id=merge.deck, file=merge.path, new=merge.new, changed=merge.changed, same=merge.same, kept=kept)


def export_json(file: Path, to: str, decks: Sequence[str], cards: int) -> ExportJson:
    return ExportJson(file, to, tuple(decks), cards)


def backup_json(file: Path, contents: Contents) -> BackupJson:
    return BackupJson(file, contents.events, contents.files)


def restore_json(contents: Contents, kept: Path | None) -> RestoreJson:
    return RestoreJson(contents.made, contents.events, contents.files, kept)
