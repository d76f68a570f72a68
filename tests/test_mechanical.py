"""Mechanical mutants: each single change of a source, once, and nothing but that."""

from __future__ import annotations

import ast
from textwrap import dedent

import pytest

from interview.proof.mechanical import changes


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
