"""Mechanical mutants: each single change of a source, once, and nothing but that."""

from __future__ import annotations

import ast
from pathlib import Path
from textwrap import dedent

import pytest

from interview.proof.katas.mechanical import changes
from interview.proof.katas.submissions import farthest


def mutants(source: str) -> list[str]:
    return [each.after for each in changes(dedent(source))]


@pytest.mark.parametrize(
    ("line", "becomes"),
    [
        ("y = a + b * 2", ["pass", "y = (a - b * 2)", "y = a + (b / 2)", "y = a + b * 3"]),
        ("y **= 2", ["y *= 2", "pass", "y **= 3"]),
        ("return 0 <= p < 1.5", ["return (0 < p < 1.5)", "return (0 <= p <= 1.5)", "return 1 <= p < 1.5",
                                 "return 0 <= p < 2.5", "return 0 <= p < 15.0"]),
        ("return not a or b is None", ["return (not a and b is None)", "return a or b is None",
                                       "return not a or (b is not None)"]),
        ("return f(x, keepdim=True, dim=-1)", ["return f(x, dim=-1)", "return f(x, keepdim=True)",
                                               "return f(x, keepdim=False, dim=-1)", "return f(x, keepdim=True, dim=1)",
                                               "return f(x, keepdim=True, dim=-2)"]),
        ("return a if c else b", ["return a", "return b"]),
        ("if a in b: raise E", ["if True: raise E", "if False: raise E", "if (a not in b): raise E",
                                 "if a in b: pass"]),
        ("s = 'é'; y = -x", ["pass; y = -x", "s = 'é'; pass", "s = 'é'; y = x"]),
    ],
)  # fmt: skip
def test_a_line_and_all_that_it_may_become(line: str, becomes: list[str]) -> None:
    """Operators, comparisons, connectives, constants, keyword arguments, branches, statements."""
    assert mutants(f"x = None\n{line}\n" if "return" not in line else f"def f(): {line}")[-len(becomes) :] == [
        each if "return" not in line else f"def f(): {each}" for each in becomes
    ]


def test_what_means_nothing_is_left_alone() -> None:
    """Docstrings and annotations; and no change is made twice, nor one that changes nothing."""
    source = '"""One."""\n\n\ndef f(x: int = 1) -> int:\n    """Two."""\n    return x  # 3\n'
    assert mutants(source) == ["def f(x: int = 2) -> int:"]
    many = [each.source for each in changes("y = 1.0 * 1.0\n")]
    assert len({ast.dump(ast.parse(each)) for each in many}) == len(many)


def test_every_mutant_is_python_and_differs_in_its_line_only() -> None:
    """Of a real answer: the same number of lines, and one that differs."""
    source = dedent("""
    def f(x, dims):
        for d in dims:
            x = x - x.mean(d, keepdim=True)
            if x.numel() == 0:
                continue
        return x / (x.var() + 1e-5) ** 0.5
    """)
    found = list(changes(source))
    assert len(found) > 12
    for each in found:
        pairs = zip(source.splitlines(), each.source.splitlines(), strict=True)
        assert [n for n, (a, b) in enumerate(pairs, 1) if a != b] == [each.line]


def test_a_comment_is_no_part_of_a_line() -> None:
    """What is noted beside the code is not copied to kata.yaml; a `#` in a text stays."""
    assert mutants("y = x + 1  # one more\n") == ["pass", "y = (x - 1)", "y = x + 2"]
    assert mutants("y = f('#') + 1  # '#'\n")[1] == "y = (f('#') - 1)"


def test_the_other_style_is_the_one_built_least_like_the_reference() -> None:
    """Names do not count, and one that loops where the reference does not comes last; always the same one."""
    reference, renamed, other, looping = (Path(f"{name}.py") for name in ("reference", "a", "b", "c"))
    answers = {
        reference: "def f(x):\n    return x + x\n",
        renamed: "def f(given):\n    return given + given\n",
        other: "def f(x):\n    return sum([x, x], start=0)\n",
        looping: "def f(x):\n    n = 0\n    while n < 2 * x:\n        n += 1\n    return n\n",
    }
    assert farthest(answers, reference) == farthest(dict(reversed(answers.items())), reference) == other
    del answers[other]
    assert farthest(answers, reference) == renamed
    del answers[renamed]
    assert farthest(answers, reference) == looping
    del answers[looping]
    assert farthest(answers, reference) is farthest({}, reference) is None
