"""The likeness of two answers: a distance between syntax trees that names, comments and types do not touch."""

from __future__ import annotations

import re
from textwrap import dedent

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interview.cli.world import shipped
from interview.content.katas.kata_file import load_kata
from interview.practice.answers.likeness import LONGEST, distance, form_of
from interview.practice.answers.solution import Answer, Beside, answers_of, beside, without_task

SOFTMAX = load_kata(shipped() / "katas" / "softmax")
ANSWERS = answers_of(SOFTMAX)
LINES = st.lists(st.sampled_from("abcd"), max_size=14)
BASE = """
    import torch

    def softmax(x: torch.Tensor, dim: int = -1) -> torch.Tensor:
        z = x - x.amax(dim, keepdim=True)
        e = [each.exp() for each in z]
        return e / helper(e, dim)

    def helper(e, dim):
        return e.sum(dim, keepdim=True)
"""


def line(source: str) -> tuple[str, ...]:
    form = form_of(dedent(source), ("softmax",))
    assert form
    return form.line


def by_a_table(one: list[str], other: list[str]) -> int:
    """Deletions and insertions, as a textbook counts them."""
    before = list(range(len(other) + 1))
    for n, mine in enumerate(one, 1):
        row = [n]
        for m, theirs in enumerate(other):
            row.append(before[m] if mine == theirs else 1 + min(before[m + 1], row[m]))
        before = row
    return before[-1]


@given(LINES, LINES)
def test_the_distance_is_the_fewest_deletions_and_insertions(one: list[str], other: list[str]) -> None:
    """Bits moved all at once count what a table of all prefixes counts."""
    assert distance(one, other) == by_a_table(one, other)


@given(LINES, LINES, LINES)
def test_the_distance_is_one(one: list[str], other: list[str], third: list[str]) -> None:
    """The same from both sides, none to itself, no way around is shorter."""
    assert distance(one, other) == distance(other, one)
    assert (distance(one, other) == 0) == (one == other)
    assert distance(one, third) <= distance(one, other) + distance(other, third)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("x", "logits"),
        ("helper", "total"),
        ("each", "row"),
        (": torch.Tensor", ""),
        (" -> torch.Tensor", ""),
        ("z = x", "z: torch.Tensor = x"),
        ("import torch", "import math\n    import torch as torch"),
        ("    z =", '    """What it does."""\n        # a comment\n        z ='),
        ("return e /", "pass\n        return (e) /"),
    ],
)
def test_what_says_nothing_does_not_count(old: str, new: str) -> None:
    """Names of one's own, types, comments, docstrings, imports, brackets."""
    renamed = re.sub(rf"\b{old}\b", new, BASE) if old.isidentifier() else BASE.replace(old, new)
    assert renamed != BASE
    assert line(renamed) == line(BASE)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("-1", "-2"),
        ("keepdim=True", "keepdim=False"),
        ("amax", "amin"),
        ("x - x", "x + x"),
        ("e / helper", "z / helper"),
        ("return e.sum", "return dim.sum"),
        ("in z", "in z[1:]"),
        ("softmax", "softmin"),
        ("helper(e, dim)\n", "helper(dim, e)\n"),
    ],
)
def test_what_says_something_counts(old: str, new: str) -> None:
    """Constants, methods, operators, which variable, the name that the kata asks for."""
    assert old in BASE
    assert line(BASE.replace(old, new, 1)) != line(BASE)


def test_slices_are_told_apart() -> None:
    """What is left out leaves its place."""
    assert line("y = x[1:]") != line("y = x[:1]")


def test_the_order_of_functions_does_not_count() -> None:
    """Those that the kata asks for come first."""
    first, second = BASE.split("    def helper")
    assert line(f"    def helper{second}{first}") == line(BASE)


DEEP = {
    "not closed": "def f(:",
    "brackets": "(" * 5_000,
    "signs": "-" * 140_000 + "1",
    "sums": "1+" * 70_000 + "1",
    "dots": "a" + ".b" * 70_000,
    "indices": "a" + "[0]" * 40_000,
    "words": "not " * 30_000 + "1",
    "a null byte": "x\0",
    "choices": "1 if 1 else " * 10_000 + "1",
    "long": "x = 1\n" * LONGEST,
}


@pytest.mark.parametrize("source", DEEP.values(), ids=DEEP)
def test_what_is_no_answer_has_no_form(source: str) -> None:
    """No Python, nested without end, far too long: no form, and no other exception."""
    assert form_of(source, ()) is None


def test_two_thousand_lines_have_a_form() -> None:
    """A person's file may be long."""
    source = "def softmax(x):\n" + "".join(f"    y{n} = x[{n}] + torch.exp(x) * {n}\n" for n in range(2_000))
    form = form_of(source, ("softmax",))
    assert form
    assert form.statements == 2_001


@pytest.mark.parametrize("answer", ANSWERS, ids=lambda each: each.name)
def test_an_answer_of_ours_is_nearest_to_itself(answer: Answer) -> None:
    """Renamed, with a docstring, and followed by a try of it, too."""
    renamed = re.sub(r"\bx\b", "logits", answer.source)
    for each in (answer.source, f'"""Mine."""\n{renamed}\n\nprint(softmax(torch.ones(3)))\n'):
        assert beside(ANSWERS, form_of(each, SOFTMAX.provides), SOFTMAX.provides).answer is answer


def test_where_nothing_is_to_compare_it_is_the_reference() -> None:
    """Or the one that was asked for."""
    assert beside(ANSWERS, None, ()) == Beside(ANSWERS[0])
    assert ANSWERS[0].name == "reference"
    assert beside(ANSWERS, None, (), "exp2").answer.name == "exp2"


def test_a_file_is_shown_without_the_task() -> None:
    """Its first docstring is what was handed out; one that is not closed is left."""
    assert without_task('"""Task"""\nimport torch\n') == "import torch"
    assert without_task("r'''Task'''\n\nx = 1\n") == "x = 1"
    assert without_task('"""Task\nx = 1\n') == '"""Task\nx = 1'
