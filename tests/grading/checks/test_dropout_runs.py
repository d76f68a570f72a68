"""The flagship's hidden suite, run often: no right answer is turned away, no rate that is off gets through."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from judging import dropout, grading

from interview.grading.client import Grader
from interview.grading.verdict import Status

pytestmark = pytest.mark.slow
KATA = dropout()
RUNS = int(os.environ.get("INTERVIEW_RUNS", "60"))  # 2,000 before a release
DEAR = ("plain_loop",)  # seconds a run: it takes part, not in an equal share
OFF = """
import torch


def dropout(x, p=0.5, training=True):
    assert 0 <= p <= 1
    if not training or p == 0:
        return x
    if p == 1:
        return x * 0
    drop = {shifted}
    keep = torch.rand(x.shape, device=x.device) >= drop
    return x * keep.to(x.dtype) / (1 - p)
"""


@pytest.fixture(scope="module")
def grader() -> Iterator[Grader]:
    with grading() as grader:
        yield grader


def test_many_right_runs(grader: Grader) -> None:
    """Runs of the accepted answers with fresh seeds: the bound allows 1e-9 rejections a run, so there is none.

    Sixty find with probability 0.95 a check that turns away one run in twenty, as a bound of two deviations would; 400
    one in 130; 2,000 one in 670. `lint` judges each accepted answer besides.
    """
    files = {each.stem: each.read_text("utf-8") for each in KATA.accepted}
    quick = [name for name in files if name not in DEAR]
    names = [*DEAR, *(quick[n % len(quick)] for n in range(RUNS - len(DEAR)))]
    found = [(name, grader.grade(KATA, files[name], file=Path(f"{name}.py"))) for name in names]
    assert len(found) == RUNS
    turned_away = [(name, each.seed, each.status) for name, each in found if each.status is not Status.PASSED]
    assert not turned_away


@pytest.mark.parametrize("shifted", ["p + 0.02", "p - 0.02", "p + 0.02 * (p < 0.5)", "p - 0.02 * (p > 0.5)"])
def test_a_rate_off_by_two_hundredths(grader: Grader, shifted: str) -> None:
    """Twelve runs each, and `rate`, the first that looks at how many are dropped, catches every one."""
    source = OFF.format(shifted=shifted)
    for _ in range(12):
        verdict = grader.grade(KATA, source, file=Path("off.py"), one_failure=True)
        failed = {each.check.id for each in verdict.checks if each.outcome.value == "failed"}
        assert failed == {"rate"}, (verdict.seed, verdict.status, verdict.reason)
