"""The flagship's hidden suite, run often: no right answer is turned away, no rate that is off gets through."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from judging import dropout

from interview.cli.world import shipped
from interview.grading.client import Grader
from interview.grading.verdict import Status, Verdict

pytestmark = pytest.mark.slow
KATA = dropout()
RUNS = int(os.environ.get("INTERVIEW_RUNS", "400"))  # 2,000 before a release
DEAR = ("plain_loop", "autograd_function", "geometric_gaps")  # seconds a run: they take part, not in equal shares
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


class Judges(threading.local):
    grader: Grader | None = None


@pytest.fixture
def pool() -> Iterator[tuple[ThreadPoolExecutor, list[Grader]]]:
    graders: list[Grader] = []
    with ThreadPoolExecutor(2) as executor:
        yield executor, graders
    for each in graders:
        each.close()


def verdicts(pool: tuple[ThreadPoolExecutor, list[Grader]], tasks: list[tuple[str, str]]) -> list[tuple[str, Verdict]]:
    executor, graders = pool
    mine = Judges()

    def judge(task: tuple[str, str]) -> tuple[str, Verdict]:
        if mine.grader is None:
            mine.grader = Grader((shipped(),))
            graders.append(mine.grader)
        name, source = task
        return name, mine.grader.grade(KATA, source, file=Path(f"{name}.py"))

    return list(executor.map(judge, tasks))


def test_many_right_runs(pool: tuple[ThreadPoolExecutor, list[Grader]]) -> None:
    """Runs of the accepted answers with fresh seeds: the bound allows 1e-9 rejections a run, so there is none."""
    files = {each.stem: each.read_text("utf-8") for each in KATA.accepted}
    quick = [name for name in files if name not in DEAR]
    names = [*DEAR] * 4
    names += [quick[n % len(quick)] for n in range(RUNS - len(names))]
    found = verdicts(pool, [(name, files[name]) for name in names])
    assert len(found) == RUNS
    turned_away = [(name, each.seed, each.status) for name, each in found if each.status is not Status.PASSED]
    assert not turned_away


@pytest.mark.parametrize("shifted", ["p + 0.02", "p - 0.02", "p + 0.02 * (p < 0.5)", "p - 0.02 * (p > 0.5)"])
def test_a_rate_off_by_two_hundredths(pool: tuple[ThreadPoolExecutor, list[Grader]], shifted: str) -> None:
    """Twenty-five runs each, and `rate` catches every one."""
    source = OFF.format(shifted=shifted)
    for name, verdict in verdicts(pool, [("off", source)] * 25):
        failed = {each.check.id for each in verdict.checks if each.outcome.value == "failed"}
        assert "rate" in failed, (name, verdict.seed)
