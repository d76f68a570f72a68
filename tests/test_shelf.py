"""Kept decks are what reading the YAML gives, or nothing."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from interview.content.deck_file import load_deck
from interview.content.shelf import Shelf
from interview.errors import ContentError

SAMPLE = Path(__file__).parent / "fixtures" / "drill" / "questions" / "sample.yaml"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return Path(shutil.copy(SAMPLE, tmp_path / "sample.yaml"))


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    return Shelf(tmp_path / "cache")


def test_the_copy_is_the_deck(shelf: Shelf, path: Path) -> None:
    """Read, and read again from the copy: equal to what the file says."""
    assert shelf.load(path) == load_deck(path)
    shelf.settle()
    assert shelf.load(path) == load_deck(path)
    assert not shelf.fresh
    assert shelf.folder is not None
    assert len(list(shelf.folder.iterdir())) == 1


def test_a_changed_file_is_read_anew(shelf: Shelf, path: Path) -> None:
    """Same length, another word: the copy does not count any more."""
    shelf.load(path)
    shelf.settle()
    path.write_text(path.read_text("utf-8").replace("one half", "one four"), "utf-8")
    assert shelf.load(path) == load_deck(path)


def test_a_broken_file_is_refused_whatever_was_kept(shelf: Shelf, path: Path) -> None:
    """The copy never hides a fault."""
    shelf.load(path)
    shelf.settle()
    path.write_text("deck: [", "utf-8")
    with pytest.raises(ContentError):
        shelf.load(path)


@pytest.mark.parametrize("damage", [b"", b"nonsense", b"\x80\x05."])
def test_a_damaged_copy_costs_only_time(shelf: Shelf, path: Path, damage: bytes) -> None:
    """Whatever is in its place, the YAML is read."""
    shelf.load(path)
    shelf.settle()
    assert shelf.folder is not None
    copy = next(shelf.folder.iterdir())
    copy.write_bytes(damage)
    assert shelf.load(path) == load_deck(path)


def test_nowhere_to_keep_is_no_fault(tmp_path: Path, path: Path) -> None:
    """No folder, or one that cannot be made: the deck is read."""
    (tmp_path / "file").write_text("")
    nowhere = Shelf(tmp_path / "file" / "cache")
    assert nowhere.load(path) == Shelf(None).load(path) == load_deck(path)
    nowhere.settle()
