"""The family of dropout, as authors of packs meet it: a kata says how its coins are read, and who makes its calls."""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path

import pytest

pytest.importorskip("torch")

from judging import grade, grading, mistake, small_kata

from interview.grading.checks.dropout_family.base import GLANCE
from interview.grading.checks.dropout_family.coins import FEW_CALLS
from interview.grading.checks.masks import NEAR_ONE, TINY
from interview.grading.checks.statistics import ALPHA, pmf, rate_interval
from interview.grading.client import Grader
from interview.grading.verdict import Outcome, Status

RIGHT = """
import torch

def f(pair, p, training):
    x = pair[0]
    if not training:
        return x
    keep = torch.rand(x.shape) >= p
    y = x / (1 - p)
    return torch.where(keep, y, 7.0)
"""
HIDDEN = """
from pathlib import Path

import torch

from interview.grading.checks.callers import Helper
from interview.grading.checks.dropout_family import Family, Reading
from interview.grading.checks.expect import expect_tensor


class Sevens(Reading):
    def read(self, x, y, p):
        return torch.where(expect_tensor(y, shape=x.shape) == 7, 0, y)


call = Helper(Path(__file__).with_name("worker_side.py"), "f([x, 1], {p}, {training})", "f([x, 1])")
sevens = Family(call=call, reading=Sevens(), side=60)


def test_survivors(solution):
    sevens.survivors()(solution)


def test_rate(solution):
    sevens.rate()(solution)


def test_fresh_mask(solution):
    sevens.fresh_mask()(solution)


def test_gradient(solution):
    sevens.gradient()(solution)
"""
SIDE = """
def loud(x, p):
    return submission.f([x, 1], p, True)


def quiet(x, p):
    return submission.f([x, 1], p, False)
"""
SAID = ("scale_missing", "keeps_with_p", "same_mask_again", "straight_through")


@pytest.fixture(scope="module")
def grader() -> Iterator[Grader]:
    with grading() as one:
        yield one


@pytest.mark.parametrize(
    ("old", "new", "check", "told"),
    [
        ("", "", None, None),
        ("x / (1 - p)", "x", "survivors", "scale_missing"),
        (">= p", "< p", "rate", "keeps_with_p"),
        ("rand(x.shape)", "rand(x.shape, generator=torch.Generator().manual_seed(0))", "fresh_mask", "same_mask_again"),
        ("y, 7.0)", "y, x - x.detach() + 7.0)", "gradient", None),
        ("y, 7.0)", "y, 7.0).detach() + (x - x.detach())", "gradient",
         "straight_through"),
    ],
)  # fmt: skip
def test_coins_are_read_as_the_kata_says(
    grader: Grader, tmp_path: Path, old: str, new: str, check: str | None, told: str | None
) -> None:
    """A drop is a seven here, and x one of two arguments that a file beside the suite makes: what is known of any
    dropout is told of this one, and no reading hides a gradient that reaches what was dropped."""
    kata = small_kata(tmp_path / "k", HIDDEN, mistakes=tuple(mistake(name, name) for name in SAID))
    (tmp_path / "k" / "worker_side.py").write_text(SIDE, encoding="utf-8")
    verdict = grade(grader, kata, RIGHT.replace(old, new) if old else RIGHT, seed="7")
    assert verdict.status is (Status.FAILED if check else Status.PASSED), verdict
    first = next((each for each in verdict.checks if each.outcome is Outcome.FAILED), None)
    assert (first and first.check.id, first and first.told and first.told.id) == (check, told)


SHEETS = [
    (0.1, 63 * 200, 190 * 200), (0.8, 66 * 200, 200 * 200), (0.1, 33 * 110, 100 * 110), (0.8, 36 * 110, 110 * 110),
    (TINY, 53 * 180, 160 * 180), (NEAR_ONE, 40 * 120, 120 * 120), (0.004, 23 * 100, 70 * 100), (0.996, 2300, 7000),
    (0.25, FEW_CALLS, 100),  # of calls on two units, both of which are dropped, or kept
]  # fmt: skip


def let_through(rate: float, p: float, n: int, alpha: float) -> float:
    """The probability that n coins of that rate may be of p."""
    low, high = rate_interval(n, p, alpha)
    return sum(pmf(k, n, rate) for k in range(math.ceil(low * n), math.floor(high * n) + 1))


@pytest.mark.parametrize(("p", "few", "whole"), SHEETS)
def test_a_glance_at_fewer_coins_costs_no_power(p: float, few: int, whole: int) -> None:
    """A right rate leads to the whole sheet no oftener than GLANCE says. A wrong one is let through by the glance with
    probability below 1 %, or no oftener than by the whole sheet at ALPHA."""
    assert 1 - let_through(p, p, few, GLANCE) <= GLANCE
    spread = (p * (1 - p) / whole) ** 0.5
    for off in (-20, -14, -12, -10, -8, -5, 5, 8, 10, 12, 14, 20):
        wrong = p + off * spread
        if 0 < wrong < 1:
            glanced = let_through(wrong, p, few, GLANCE)
            assert glanced < 0.01 or glanced <= let_through(wrong, p, whole, ALPHA), (off, glanced)
