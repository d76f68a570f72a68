"""A wrong answer that is judged until enough is seen: told as it is when all checks have been made."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from judging import grading

from interview.cli.world import shipped
from interview.content.katas.kata import Kata
from interview.content.katas.kata_file import load_kata
from interview.grading.client import Grader
from interview.grading.verdict import Extent, Outcome, Status, Verdict
from interview.proof.katas.submissions import wrong_answers

SEED = "1122334455"


@pytest.fixture(scope="module")
def grader() -> Iterator[Grader]:
    with grading() as grader:
        yield grader


def failed(verdict: Verdict) -> list[str]:
    return [each.check.id for each in verdict.checks if each.outcome is Outcome.FAILED]


def reached(verdict: Verdict) -> int:
    return sum(each.outcome is not Outcome.NOT_REACHED for each in verdict.checks)


def both(grader: Grader, kata: Kata, mistake: str, enough: tuple[str, ...]) -> tuple[Verdict, Verdict]:
    """One wrong answer judged by all checks, and until these have failed."""
    answer = next(each for each in wrong_answers(kata) if each.mistake == mistake)
    whole = grader.grade(kata, answer.source, file=answer.name, seed=SEED)
    return whole, grader.grade(kata, answer.source, file=answer.name, seed=SEED, extent=Extent(enough=enough))


@pytest.mark.parametrize("name", ["dropout", "adamw", "softmax"])
def test_what_is_told_early_is_what_is_told_in_the_end(name: str, grader: Grader) -> None:
    """Every ninth mistake of a suite that names them itself, and of two that leave it to the replay."""
    kata, sooner = load_kata(shipped() / "katas" / name), 0
    made = {each.mistake for each in wrong_answers(kata)}
    for known in [each for each in kata.mistakes if each.id in made][::9]:
        whole, early = both(grader, kata, known.id, known.caught_by)
        assert early.status is whole.status is Status.FAILED
        assert early.mistake == whole.mistake
        assert early.mistake is not None
        assert early.mistake.id == known.id
        assert set(known.caught_by) <= set(failed(early))
        assert failed(early) == failed(whole)[: len(failed(early))]
        sooner += reached(early) < reached(whole)
    assert sooner


def test_a_check_that_does_not_fail_is_waited_for(grader: Grader) -> None:
    """All checks are made where one of those that must fail passes, and the verdict is whole."""
    kata = load_kata(shipped() / "katas" / "softmax")
    known = next(each for each in kata.mistakes if each.id == wrong_answers(kata)[0].mistake)
    passing = next(each.id for each in kata.checks if each.id not in failed(both(grader, kata, known.id, ())[0]))
    whole, other = both(grader, kata, known.id, (*known.caught_by, passing))
    assert [each.outcome for each in other.checks] == [each.outcome for each in whole.checks]
    assert other.mistake == whole.mistake
