from __future__ import annotations

import math
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interview.content.cards.expression import ExpressionError, draws, evaluate, fill


@pytest.mark.parametrize(
    ("expr", "value"),
    [
        ("x**2 * p/(1-p)", 2.25),
        ("sqrt(p/(1-p))", 0.5),
        ("comb(10, 5) / 2**10", 252 / 1024),
        ("log(exp(1)) - abs(-x)", -2.0),
        ("−x × 2 ÷ 3", -2.0),
        ("+2", 2.0),
    ],
)
def test_arithmetic_over_params(expr: str, value: float) -> None:
    """The operators and functions of the format, in ASCII or as printed."""
    assert math.isclose(evaluate(expr, {"x": 3.0, "p": 0.2}), value)


@pytest.mark.parametrize(
    "expr",
    [
        "__import__('os').system('true')", "x.real", "x[0]", "(lambda: 1)()", "'a' * 9", "True", "1 if x else 2", "y",
        "x = 1", "", "1 +", "9**9**9**9", "1/0", "sqrt(-1)", "log(0)", "comb(1.5, 1)", "comb(10, -1)", "comb(1)",
        "comb(100000, 50000)", "comb(2000, 1000)", "comb(10**9, 5*10**8)",
        "10**400", "1e999", "(" * 90, "-" * 4000 + "1", "x" * 500, "sqrt(x, x)", "1j",
        "print(1)", "sqrt(*x)", "\x00",
    ],
)  # fmt: skip
def test_anything_else_is_refused(expr: str) -> None:
    """Nothing but arithmetic is evaluated, and nothing without a finite value."""
    with pytest.raises(ExpressionError):
        evaluate(expr, {"x": 3.0})


@given(st.text(alphabet="0123456789.+-*/()xp, sqrtlogexpcombabs", max_size=40))
def test_any_text_has_a_finite_value_or_is_refused(text: str) -> None:
    """The evaluator ends, and raises nothing of its own."""
    with suppress(ExpressionError):
        assert math.isfinite(evaluate(text, {"x": 3.0, "p": 0.2}))


def test_holes_are_filled_with_six_digits() -> None:
    """`{{expr}}` becomes its value; a card without params keeps its braces."""
    assert fill("{{x}} and {{ x/3 }}", {"x": 4.0}) == "4 and 1.33333"
    assert fill(r"\frac{{a}}{{b}}", {}) == r"\frac{{a}}{{b}}"


def test_draws_are_all_combinations() -> None:
    """Every value of one param meets every value of the other; no params, one empty draw."""
    assert list(draws({"a": (1.0, 2.0), "b": (3.0,)})) == [{"a": 1.0, "b": 3.0}, {"a": 2.0, "b": 3.0}]
    assert list(draws({})) == [{}]
