"""Kept decks and entries of katas are what reading their files gives, or nothing."""

from __future__ import annotations

import os
import pickle
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import is_dataclass
from pathlib import Path
from types import UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

import pytest
from decks import write_kata

from interview.cli.everything import shelf_of
from interview.cli.world import World
from interview.content.cards.deck import Deck
from interview.content.cards.deck_file import load_deck
from interview.content.katas.entry import KataEntry, entry_of
from interview.content.katas.kata_file import load_kata
from interview.content.reading.kept import lay_down, take_up
from interview.content.shelf import Shelf
from interview.errors import ContentError

SAMPLE = Path(__file__).parents[1] / "fixtures" / "drill" / "questions" / "sample.yaml"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return Path(shutil.copy(SAMPLE, tmp_path / "sample.yaml"))


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    return Shelf(tmp_path / "cache")


def test_the_copy_is_the_deck(shelf: Shelf, path: Path) -> None:
    """Read, and read again from the copy: equal to what the file says."""
    assert shelf.deck(path) == load_deck(path)
    shelf.settle()
    assert shelf.deck(path) == load_deck(path)
    assert not shelf.fresh
    assert shelf.folder is not None
    assert len(list(shelf.folder.iterdir())) == 1


def test_a_changed_file_is_read_anew(shelf: Shelf, path: Path) -> None:
    """Same length, another word: the copy does not count any more."""
    shelf.deck(path)
    shelf.settle()
    path.write_text(path.read_text("utf-8").replace("one half", "one four"), "utf-8")
    assert shelf.deck(path) == load_deck(path)


def test_a_broken_file_is_refused_whatever_was_kept(shelf: Shelf, path: Path) -> None:
    """The copy never hides a fault."""
    shelf.deck(path)
    shelf.settle()
    path.write_text("deck: [", "utf-8")
    with pytest.raises(ContentError):
        shelf.deck(path)


@pytest.fixture
def copy(shelf: Shelf, path: Path) -> Path:
    """What the shelf keeps of the deck, untouched so far."""
    shelf.deck(path)
    shelf.settle()
    assert shelf.folder is not None
    (found,) = shelf.folder.iterdir()
    return found


@pytest.mark.parametrize(
    "damage", [b"", b"nonsense", b"\x80\x05.", b"\xff\xfe", b"[" * 100_000, b"[1]", b"null", b'{"a": 1}']
)
def test_a_damaged_copy_costs_only_time(shelf: Shelf, path: Path, copy: Path, damage: bytes) -> None:
    """Whatever is in its place, the YAML is read."""
    copy.write_bytes(damage)
    assert shelf.deck(path) == load_deck(path)


class Trap:
    """What runs where a pickle is loaded."""

    def __init__(self, mark: Path) -> None:
        self.mark = mark

    def __reduce__(self) -> tuple[object, ...]:
        return Path.touch, (self.mark,)


def test_nothing_in_a_home_is_run(shelf: Shelf, path: Path, copy: Path, tmp_path: Path) -> None:
    """A pickle in the copy's place, under the name of today or of the first edition, stays a row of bytes."""
    mark = tmp_path / "ran"
    for name in (copy, copy.with_suffix(".deck")):
        name.write_bytes(pickle.dumps(Trap(mark)))
    assert shelf.deck(path) == load_deck(path)
    assert not mark.exists()


def parts(laid: Any, at: tuple[int | str, ...] = ()) -> Iterator[tuple[int | str, ...]]:
    """Where each value lies in a nest of lists and dicts."""
    yield at
    for key, each in enumerate(laid) if isinstance(laid, list) else laid.items() if isinstance(laid, dict) else ():
        yield from parts(each, (*at, key))


@pytest.mark.parametrize("wrong", [None, 7, 0.5, True, "x", [], ["x", "y"], {}, ["Open", []]], ids=repr)
def test_each_value_is_of_its_type(wrong: object) -> None:
    """Any part of a copy in the place of any other: a deck whose every part is what it is declared as, or none."""
    laid = lay_down(load_deck(SAMPLE))
    for at in parts(laid):
        changed = deepcopy([laid])
        place: Any = changed
        for key in (0, *at[:-1]) if at else ():
            place = place[key]
        place[at[-1] if at else 0] = wrong
        try:
            deck = take_up(Deck, changed[0])
        except (TypeError, ValueError, KeyError):
            continue
        assert lay_down(deck) == changed[0]
        is_declared(deck)


def is_declared(value: Any) -> None:
    """The types of a dataclass's fields, all the way down, as the annotations say."""
    for name, declared in get_type_hints(type(value)).items():
        is_of(getattr(value, name), declared)


def is_of(value: Any, declared: Any) -> None:
    if get_origin(declared) in (Union, UnionType):
        assert type(value) in get_args(declared)
    elif get_origin(declared) is tuple:
        assert type(value) is tuple
        for each in value:
            is_of(each, get_args(declared)[0])
    elif get_origin(declared) is Mapping:
        for each in value.values():
            is_of(each, get_args(declared)[1])
    else:
        assert isinstance(value, declared)
        assert type(value) is not bool or declared is bool
    if is_dataclass(value):
        is_declared(value)


@pytest.mark.parametrize("mode", [0o620, 0o602, 0o666], ids=oct)
def test_what_others_may_write_is_read_anew(shelf: Shelf, path: Path, copy: Path, mode: int) -> None:
    """The copy, its folder, or one above: a stranger could have put a deck of their own there."""
    forged = copy.read_text("utf-8").replace("one half", "one four")
    for place in (copy, copy.parent, copy.parent.parent):
        copy.write_text(forged, "utf-8")
        before = place.stat().st_mode
        os.chown(place, -1, os.getgid() + 1 if os.getuid() == 0 else os.getgid())
        place.chmod(mode | (0o711 if place.is_dir() else 0))
        if mode == 0o620 and place.stat().st_gid == os.getuid():
            place.chmod(before)  # a group of the person's own number is theirs alone
            continue
        assert shelf.deck(path) == load_deck(path), place
        place.chmod(before)
    assert Shelf(shelf.folder).deck(path) != load_deck(path)  # closed again, it would have counted


def test_a_link_is_no_copy(shelf: Shelf, path: Path, copy: Path, tmp_path: Path) -> None:
    """What it leads to may be anybody's choice."""
    forged = tmp_path / "forged.json"
    forged.write_text(copy.read_text("utf-8").replace("one half", "one four"), "utf-8")
    forged.chmod(0o600)
    copy.unlink()
    copy.symlink_to(forged)
    assert shelf.deck(path) == load_deck(path)


@pytest.mark.skipif(os.getuid() != 0, reason="only root can give a file away")
def test_a_stranger_s_copy_is_no_copy(shelf: Shelf, path: Path, copy: Path) -> None:
    """A home that was taken over from someone else: the deck is read, and nothing is put there."""
    copy.write_text(copy.read_text("utf-8").replace("one half", "one four"), "utf-8")
    for place in (copy, copy.parent):
        os.chown(place, 12345, -1)
        assert shelf.deck(path) == load_deck(path)
        os.chown(place, 0, -1)
    os.chown(copy.parent, 12345, -1)
    copy.unlink()
    shelf.settle()
    assert not copy.exists()


def test_a_copy_is_for_its_owner(copy: Path) -> None:
    """Whatever the umask."""
    assert copy.stat().st_mode & 0o777 == 0o600
    assert copy.parent.stat().st_mode & 0o777 == 0o700


def test_nowhere_to_keep_is_no_fault(tmp_path: Path, path: Path) -> None:
    """No folder, or one that cannot be made: the deck is read."""
    (tmp_path / "file").write_text("")
    nowhere = Shelf(tmp_path / "file" / "cache")
    assert nowhere.deck(path) == Shelf(None).deck(path) == load_deck(path)
    nowhere.settle()


@pytest.fixture
def lent(tmp_path: Path) -> Path:
    """A pack of the sample kata, and of one that borrows its suite: the folder of the latter."""
    lender = write_kata(tmp_path)
    borrower = Path(shutil.copytree(lender, lender.parent / "borrows"))
    words = (lender / "kata.yaml").read_text("utf-8")
    before, _, _ = words.replace("kata: double", "kata: borrows\nsuite: double").partition("checks:")
    (borrower / "kata.yaml").write_text(before, "utf-8")
    return borrower


@pytest.mark.parametrize("name", ["double", "borrows"])
def test_the_copy_is_the_kata_s_entry(shelf: Shelf, lent: Path, name: str) -> None:
    """Read, and read again from the copy; a copy of the entry, in which no code is."""
    folder = lent.parent / name
    entry = entry_of(load_kata(folder))
    assert shelf.kata(folder) == entry
    shelf.settle()
    assert Shelf(shelf.folder).kata(folder) == shelf.kata(folder) == entry
    assert not shelf.fresh
    assert shelf.folder is not None
    (copy,) = shelf.folder.iterdir()
    assert not {"NotImplementedError", "return"} & set(re.findall(r"\w+", copy.read_text("utf-8")))


@pytest.mark.parametrize("name", ["double", "borrows"])
def test_each_file_that_reading_a_kata_opens_is_one_that_its_copy_agrees_with(
    shelf: Shelf, lent: Path, name: str
) -> None:
    """Whatever is opened for it, a change of that is seen: what the copy is made from is what was read."""
    folder = lent.parent / name
    opened = opened_by(f"from interview.content.katas.kata_file import load_kata; load_kata(Path({str(folder)!r}))")
    shelf.kata(folder)
    key: Any = shelf.fresh[0][1]
    looked_at = {each[0] for each in key[1]}
    assert str(folder / "kata.yaml") in opened
    assert {each for each in opened if not each.endswith(".pyc")} <= looked_at


def opened_by(code: str) -> list[str]:
    """The files that are no modules and are opened by the code, in a process whose caches are empty."""
    hook = (
        "sys.addaudithook(lambda event, args: event == 'open' and isinstance(args[0], str) and opened.append(args[0]))"
    )
    program = f"import sys; from pathlib import Path; opened = []; import interview.content.katas.kata_file; {hook}\n"
    done = subprocess.run([sys.executable, "-c", f"{program}{code}\nprint(*opened, sep='\\n')"],
                          stdout=subprocess.PIPE, text=True, check=True)  # fmt: skip
    return done.stdout.splitlines()


@pytest.mark.parametrize("name", ["kata.yaml", "prompt.en.md", "prompt.zh.md", "stub.py", "../double/kata.yaml"])
def test_a_changed_or_lost_file_of_a_kata_is_seen(shelf: Shelf, lent: Path, name: str) -> None:
    """Its own, and that of the kata that lends it a suite: no copy hides a change, nor that one is gone."""
    shelf.kata(lent)
    shelf.settle()
    file = lent / name
    file.write_text(file.read_text("utf-8").replace("Write `double", "Write `treble").replace("twice", "2 x"), "utf-8")
    os.utime(file, ns=(1, 1))
    assert Shelf(shelf.folder).kata(lent) == entry_of(load_kata(lent))
    assert len(fresh_of(shelf, lent)) == 1
    file.unlink()
    with pytest.raises(ContentError):
        shelf.kata(lent)


def fresh_of(shelf: Shelf, folder: Path) -> list[object]:
    """What another sitting reads anew."""
    again = Shelf(shelf.folder)
    again.kata(folder)
    return [*again.fresh]


def test_a_change_before_the_copy_is_written_is_seen(shelf: Shelf, lent: Path) -> None:
    """It is kept when there is time for it, which is after the file may have changed."""
    shelf.kata(lent)
    file = lent / "kata.yaml"
    file.write_text(file.read_text("utf-8").replace("level: 1", "level: 2"), "utf-8")
    os.utime(file, ns=(1, 1))
    shelf.settle()
    assert Shelf(shelf.folder).kata(lent).level == 2


def test_a_copy_of_another_is_none(shelf: Shelf, lent: Path) -> None:
    """What was kept of one kata, under the name of the other's copy: what lies there says what it was made from."""
    one, other = lent.parent / "double", lent
    for each in (one, other):
        shelf.kata(each)
        shelf.settle()
    assert shelf.folder is not None
    first, second = sorted(shelf.folder.iterdir())
    laid = first.read_bytes()
    first.write_bytes(second.read_bytes())
    second.write_bytes(laid)
    assert Shelf(shelf.folder).kata(one) == entry_of(load_kata(one))
    assert Shelf(shelf.folder).kata(other) == entry_of(load_kata(other))
    assert Shelf(shelf.folder).kata(one).id == "double"


@pytest.mark.parametrize("wrong", [None, 7, True, "x", [], ["x"], {}], ids=repr)
def test_each_value_of_an_entry_is_of_its_type(lent: Path, wrong: object) -> None:
    """As of a deck."""
    laid = lay_down(entry_of(load_kata(lent)))
    for at in parts(laid):
        changed = deepcopy([laid])
        place: Any = changed
        for key in (0, *at[:-1]) if at else ():
            place = place[key]
        place[at[-1] if at else 0] = wrong
        try:
            entry = take_up(KataEntry, changed[0])
        except (TypeError, ValueError, KeyError):
            continue
        assert lay_down(entry) == changed[0]
        is_declared(entry)


def test_what_looks_makes_no_home_and_keeps_what_it_read_in_one(home: Path, lent: Path) -> None:
    """`today` where there is no home: none is made. Where there is one: the second look reads no kata again."""
    world = World.here(lang=None, color=False)
    assert shelf_of(world).folder is None
    home.mkdir()
    shelf = shelf_of(world)
    shelf.kata(lent)
    shelf.settle()
    assert fresh_of(shelf_of(world), lent) == []
