"""The graders: a lost one is replaced, and when to give up is decided in one place."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from judging import small_kata

from interview.content.katas.kata import Kata
from interview.errors import JudgeError
from interview.grading.client import Grader
from interview.grading.graders import TRIES, Graders
from interview.grading.verdict import Status

RIGHT = "def f(x):\n    return x\n"
SUITE = "def test_a(solution):\n    {}\n    assert solution.f(1.0) == 1.0\n"


class Mortal(Graders):
    """Graders of which the first few are killed as soon as they are there."""

    def __init__(self, doomed: int) -> None:
        super().__init__()
        self.doomed, self.born = doomed, 0

    def living(self) -> Grader:
        new = self.grader is None
        grader = super().living()
        self.born += new
        if new and self.born <= self.doomed:
            os.kill(grader.process.pid, signal.SIGKILL)
            grader.process.wait()
        return grader


@pytest.fixture
def kata(tmp_path: Path) -> Iterator[Kata]:
    return small_kata(tmp_path / "mine", SUITE.format("pass"))


@pytest.mark.parametrize("doomed", range(TRIES + 1))
def test_a_lost_grader_is_replaced_until_it_is_time_to_give_up(kata: Kata, doomed: int) -> None:
    """Each submission has so many graders, and no more: then the sentence for a judge that does not live."""
    with Mortal(doomed) as graders:
        if doomed < TRIES:
            assert graders.grade(kata, RIGHT, file=Path("f.py")).status is Status.PASSED
            assert graders.born == doomed + 1
        else:
            with pytest.raises(JudgeError, match="ended twice"):
                graders.grade(kata, RIGHT, file=Path("f.py"))
            assert graders.born == TRIES


def test_the_next_submission_has_graders_of_its_own(kata: Kata) -> None:
    """One that was given up takes no verdict from the next."""
    with Mortal(TRIES) as graders:
        with pytest.raises(JudgeError):
            graders.grade(kata, RIGHT, file=Path("f.py"))
        assert graders.grade(kata, RIGHT, file=Path("f.py")).status is Status.PASSED


def test_a_grader_that_lives_is_kept(kata: Kata) -> None:
    """A second verdict starts no second zygote, and a suite that was collected ahead is the one that judges."""
    with Mortal(0) as graders:
        graders.warm(kata)
        assert [graders.grade(kata, RIGHT, file=Path("f.py")).status for _ in range(2)] == [Status.PASSED] * 2
        assert graders.born == 1


def test_what_is_lost_ahead_costs_no_verdict(kata: Kata) -> None:
    """A rehearsal, or the suite's collecting: it decides nothing, and the next grader judges."""
    with Mortal(1) as graders:
        assert graders.rehearse(kata, RIGHT, file=Path("f.py"), seed="1") is None
        assert graders.grade(kata, RIGHT, file=Path("f.py")).status is Status.PASSED


def test_closed_by_another_thread_nothing_is_started_any_more(tmp_path: Path) -> None:
    """Whoever ends a batch ends what the others wait for: they get no verdict, and start no grader."""
    kata = small_kata(tmp_path / "mine", SUITE.format("import time; time.sleep(60)"))
    graders = Mortal(0)
    graders.warm(kata)
    closing = threading.Timer(0.5, graders.close)
    closing.start()
    with pytest.raises(JudgeError):
        graders.grade(kata, RIGHT, file=Path("f.py"))
    closing.join()
    with pytest.raises(JudgeError):
        graders.grade(kata, RIGHT, file=Path("f.py"))
    assert graders.grader is None
    assert graders.born == 1
