from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from decks import CHOICE, line_of, write_deck, write_kata

from interview.content.cards.deck_file import load_deck
from interview.content.katas.kata_file import load_kata
from interview.content.reading.problem import Problem, UnsoundError
from interview.proof.lint import read
from interview.proof.scope import scope_of


def kata(pack: Path, name: str, needs: str = "") -> Path:
    """A sound kata of that name; `needs` as it stands in kata.yaml."""
    made = write_kata(pack / "making").rename(place(pack / "katas") / name)
    path = made / "kata.yaml"
    head = f"kata: {name}\n" + (f"needs: {needs}\n" if needs else "")
    path.write_text(path.read_text("utf-8").replace("kata: double\n", head, 1), "utf-8")
    return path


def deck(pack: Path, name: str, needs: str = "") -> Path:
    path = write_deck(pack, CHOICE, name=name)
    head = f"needs: {needs}\ncards:\n" if needs else "cards:\n"
    path.write_text(path.read_text("utf-8").replace("cards:\n", head, 1), "utf-8")
    return path


def place(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def found(path: Path, *roots: Path) -> Sequence[Problem]:
    problems = read(scope_of(path, roots)).problems
    assert [each for each in problems if not each.zh.startswith("`needs`")] == []
    return problems


@pytest.mark.parametrize("needs", ["[ground]", "[kata:ground]", '["deck:talk", kata:ground]', "[talk, ground]", "[]"])
def test_a_need_that_is_there_is_sound(tmp_path: Path, needs: str) -> None:
    """Of a kata and of a deck: either kind, with its kind before it or not."""
    kata(tmp_path, "ground")
    deck(tmp_path, "talk")
    kata(tmp_path, "house", needs)
    deck(tmp_path, "more", needs)
    assert found(tmp_path) == ()


@pytest.mark.parametrize(
    ("needs", "said"),
    [
        ("[grund]", "`needs`: there is no deck and no kata `grund` (did you mean `ground`?)"),
        ("[deck:ground]", "`needs`: there is no deck and no kata `deck:ground` (did you mean `ground`?)"),
        ("[ground, ground]", "`needs`: `ground` is needed twice (first in line {line}); keep one"),
        ("[ground, kata:ground]", "`needs`: `kata:ground` is needed twice (first in line {line}); keep one"),
        ("[house]", "`needs`: `house` is this kata itself; take it out; the deck of that name is `deck:house`"),
        ("[kata:house]", "`needs`: `kata:house` is this kata itself; take it out; the deck of that name"),
    ],
)
def test_what_is_wrong_with_a_need_is_told_at_its_line(tmp_path: Path, needs: str, said: str) -> None:
    """Unknown, with the nearest; twice, however it is written; itself, with the other kind that may have been meant."""
    kata(tmp_path, "ground")
    deck(tmp_path, "house")
    path = kata(tmp_path, "house", needs)
    (problem,) = found(tmp_path)
    line = line_of(path, "needs:")
    assert (problem.path, problem.line) == (path, line)
    assert problem.text.startswith(said.format(line=line))


def test_a_kata_may_need_the_deck_of_its_own_name(tmp_path: Path) -> None:
    """They are two steps."""
    deck(tmp_path, "house")
    kata(tmp_path, "house", "[deck:house]")
    assert found(tmp_path) == ()


@pytest.mark.parametrize(
    ("needs", "circle"),
    [
        ({"a1": "[b1]", "b1": "[a1]"}, "kata:a1 → kata:b1 → kata:a1"),
        ({"a1": "[talk]", "b1": "[]", "talk": "[b1, a1]"}, "deck:talk → kata:a1 → deck:talk"),
        ({"a1": "[b1]", "b1": "[c1]", "c1": "[b1]"}, "kata:b1 → kata:c1 → kata:b1"),
    ],
)
def test_a_circle_is_told_once_with_the_way_round(tmp_path: Path, needs: dict[str, str], circle: str) -> None:
    """Of two, through a deck, and one that others only lead to: at the line of a need that is part of it."""
    for name, each in needs.items():
        (deck if name == "talk" else kata)(tmp_path, name, each)
    (problem,) = found(tmp_path)
    assert problem.text == f"`needs`: {circle}: each waits for the other; take one of these needs out"
    assert problem.line == line_of(problem.path, "needs:")


def test_a_long_circle_is_told_on_one_short_line(tmp_path: Path) -> None:
    """Thirty katas in a row, the last back to the first."""
    for n in range(30):
        kata(tmp_path, f"k{n}", f"[k{(n + 1) % 30}]")
    (problem,) = found(tmp_path)
    assert "→ … →" in problem.text
    assert len(problem.text) < 150


def test_a_circle_through_a_pack_that_is_not_looked_at_is_found(tmp_path: Path) -> None:
    """One kata alone is linted; the way round leads through another pack."""
    base, mine = tmp_path / "base", tmp_path / "mine"
    kata(base, "ground", "[house]")
    path = kata(mine, "house", "[ground]")
    (problem,) = found(path.parent, base, mine)
    assert "kata:house → kata:ground → kata:house" in problem.text


def test_a_broken_kata_around_stops_nothing(tmp_path: Path) -> None:
    """What it needs cannot be known, and is its own fault."""
    path = kata(tmp_path / "base", "ground")
    path.write_text("kata: [", "utf-8")
    own = kata(tmp_path / "mine", "house", "[ground]")
    assert found(own.parent, tmp_path / "base") == ()


@pytest.mark.parametrize(
    ("needs", "said"),
    [
        ("softmax", "`needs` is `softmax` where a list belongs"),
        ("[no]", "YAML does not read no as text"),
        ("[Softmax]", "an entry of `needs` is `Softmax`; write the name of a deck or a kata"),
        ("[card:softmax]", "an entry of `needs` is `card:softmax`"),
        ("['kata:']", "an entry of `needs` is `kata:`"),
        ("[{a: b}]", "an entry of `needs` is a mapping where text belongs"),
    ],
)
def test_a_need_that_is_no_name_is_refused_when_the_file_is_read(tmp_path: Path, needs: str, said: str) -> None:
    """In a kata as in a deck: the same sentence with its line."""
    for path, load in ((kata(tmp_path, "house", needs).parent, load_kata), (deck(tmp_path, "talk", needs), load_deck)):
        with pytest.raises(UnsoundError) as caught:
            load(path)
        assert any(said in each.text for each in caught.value.problems)
