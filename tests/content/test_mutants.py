"""Mutants: an edit of a right answer, found in one place or refused, at whatever depth the place is."""

from __future__ import annotations

from textwrap import dedent

import pytest

from interview.content.katas.mutants import Edit, MisfitError, Variant, built, compatible, mutant

SOURCE = dedent("""\
    def f(x):
        if x > 0:
            y = x + 1

            return y
        return x
    """)


def changed(*edits: tuple[str, str]) -> str:
    return mutant(SOURCE, [Edit(dedent(old).strip("\n"), dedent(new).strip("\n")) for old, new in edits])


def test_a_part_of_a_line() -> None:
    """Only the text changes, whatever stands beside it."""
    assert changed(("x + 1", "x - 1")) == SOURCE.replace("x + 1", "x - 1")


def test_lines_are_as_deep_as_their_place() -> None:
    """Several lines are found at any depth, an empty one among them; what replaces them is laid as deep."""
    assert changed(("y = x + 1\n\nreturn y", "y = x\nif y:\n    return y")) == SOURCE.replace(
        "        y = x + 1\n\n        return y\n", "        y = x\n        if y:\n            return y\n"
    )
    assert changed(("return x", "print(x)\nreturn x")) == SOURCE.replace(
        "    return x\n", "    print(x)\n    return x\n"
    )


def test_lines_of_another_depth_are_another_text() -> None:
    """A second line that is not as deep, against the first, as it is written is no match."""
    with pytest.raises(MisfitError, match=r"is not in reference\.py"):
        changed(("if x > 0:\ny = x + 1", ""))


def test_several_edits_are_made_at_once() -> None:
    """In any order, and none of them sees what another has put in."""
    both = ("return x", "return y + 1"), ("y = x + 1", "y = x")
    assert changed(*both) == changed(*reversed(both)) == SOURCE.replace("return x", "return y + 1").replace(
        "y = x + 1", "y = x"
    )  # fmt: skip


def test_deleting_leaves_python() -> None:
    assert "return x" not in changed(("return x", ""))


def test_what_cannot_be_made_names_its_line() -> None:
    with pytest.raises(MisfitError, match=r"stands 2 times in other\.py") as raised:
        built(Variant((Edit("return", "yield", line=7),), "other.py"), {"other.py": SOURCE})
    assert raised.value.line == 7
    assert "出现了 2 次" in raised.value.say("zh")
    with pytest.raises(MisfitError, match=r"there is no accepted answer x\.py"):
        built(Variant((Edit("a", "b"),), "x.py"), {"other.py": SOURCE})


def test_two_mistakes_in_one_file() -> None:
    """Both, or None where they touch the same place."""
    one, other = [Edit("x + 1", "x - 1")], [Edit("return y", "return -y")]
    assert compatible(SOURCE, one, other) == changed(("x + 1", "x - 1"), ("return y", "return -y"))
    assert compatible(SOURCE, one, [Edit("y = x + 1", "y = x")]) is None
