"""The family of dropout by itself, on a unit that no kata of ours has: a coin a feature, shared by all rows."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from judging import grade, grading, mistake, small_kata

from interview.content.katas.kata import Check, Kata, Limits
from interview.content.katas.library import by_id, library
from interview.grading.client import Grader
from interview.grading.verdict import Status, Verdict
from interview.text import Text

CHECKS = (
    "from_scratch", "range_of_p", "interface", "input_untouched", "eval_identity", "eval_repeats", "whole", "survivors",
    "rate", "extreme_p", "expectation", "own_coin", "fresh_mask", "count_varies", "generator", "gradient", "p_zero",
    "p_one", "dtypes", "device",
)  # fmt: skip
GIVEN = {"whole": "[(0.4, (9, 11)), (0.7, (1, 30))], {}"}
HIDDEN = "\n".join(
    [
        "from interview.grading.checks.callers import Function",
        "from interview.grading.checks.dropout_family import Family",
        "from interview.grading.checks.expect import Words",
        "from interview.grading.checks.units import Unit",
        'FEATURE = Unit(Words("features", "特征"), axes=(1,), flat=True, most=4000, rank=2)',
        'drop = Family(call=Function("drop"), unit=FEATURE, side=60)',
        *(f"test_{each} = drop.{each}({GIVEN.get(each, '')})" for each in CHECKS),
    ]
)
RIGHT = """
import torch
OWN = torch.Generator().manual_seed(1)
def drop(x, p=0.5, training=True):
    if not 0 <= p <= 1:
        raise ValueError("p")
    if not training or p == 0:
        return x
    if p == 1:
        return x * 0
    keep = torch.rand(1, x.shape[1], device=x.device) >= p
    return x * keep.to(x.dtype) / (1 - p)
"""
LOOP = """
import torch
def drop(x, p=0.5, training=True):
    assert 0 <= p <= 1
    if not training:
        return x.clone()
    scale = 0.0 if p == 1 else 1 / (1 - p)
    coins = [scale if torch.rand(()).item() >= p else 0.0 for _ in range(x.shape[1])]
    return x * torch.tensor(coins, dtype=x.dtype, device=x.device)
"""


@pytest.fixture(scope="module")
def grader() -> Iterator[Grader]:
    with grading() as one:
        yield one


@pytest.fixture(scope="module")
def kata(tmp_path_factory: pytest.TempPathFactory) -> Kata:
    texts = by_id(library("dropout_family"), "mistakes") | by_id(library("generic"), "mistakes")
    said = Text("a rule", "规则")
    return small_kata(tmp_path_factory.mktemp("k") / "k", HIDDEN, provides=("drop",), forbidden=("torch.*dropout*",),
                      limits=Limits(20, 1024), checks=tuple(Check(name, said, said, None, ()) for name in CHECKS),
                      mistakes=tuple(mistake(name, name) for name in texts))  # fmt: skip


def judged(grader: Grader, kata: Kata, source: str) -> Verdict:
    return grade(grader, kata, source, seed="3")


@pytest.mark.parametrize("source", [RIGHT, LOOP], ids=["a mask", "a coin at a time"])
def test_right_answers_pass(grader: Grader, kata: Kata, source: str) -> None:
    """In two styles; the family asks nothing that a unit of one's own cannot give."""
    verdict = judged(grader, kata, source)
    assert verdict.status is Status.PASSED, [(each.check.id, each.message) for each in verdict.checks if each.message]


@pytest.mark.parametrize(
    ("old", "new", "check", "told"),
    [
        ("/ (1 - p)", "", "survivors", "scale_missing"),
        ("/ (1 - p)", "/ p", "survivors", "scale_one_over_p"),
        ("/ (1 - p)", "/ (1 - p) ** 2", "survivors", "scaled_twice"),
        (">= p", "< p", "rate", "keeps_with_p"),
        ("torch.rand(1, x.shape[1]", "torch.rand(x.shape[0], x.shape[1]", "whole", "element_wise"),
        ("torch.rand(1, x.shape[1]", "torch.rand(1, 1", "own_coin", "whole_batch"),
        ("keep =", "torch.manual_seed(0); keep =", "fresh_mask", "reseeds"),
        ("device=x.device", "generator=OWN", "generator", "other_generator"),
        ("if not training or p == 0", "if p == 0", "eval_identity", "drops_in_eval"),
        ("return x\n", "return x * (1 - p)\n", "eval_identity", "eval_times_keep"),
        ("training=True", "training=False", "interface", "eval_by_default"),
        ("p=0.5", "p=0.1", "interface", "other_default"),
        ("p=0.5, training=True):", "rate=0.5, training=True):\n    p = rate", "interface", "other_names"),
        ("0 <= p <= 1", "0 < p <= 1", "range_of_p", "ends_refused"),
        ('    if not 0 <= p <= 1:\n        raise ValueError("p")\n', "", "range_of_p", "no_range_check"),
        ("x * keep", "x.mul_(1) * 0 + x.mul_(1.5) / 1.5 * keep", "input_untouched", "changes_the_input"),
        ("x * keep", "x.detach() * keep", "gradient", "no_gradient"),
        ("return x * 0", "return torch.zeros_like(x)", "p_one", "detached_at_one"),
        ("keep.to(x.dtype)", "keep.float()", "dtypes", "promoted"),
        (", device=x.device", "", "device", "mask_on_cpu"),
        ("x * keep", "torch.nn.functional.dropout(x, 0.0) * keep", "from_scratch", "ready_made"),
    ],
)  # fmt: skip
def test_a_wrong_answer_is_told_its_mistake(
    grader: Grader, kata: Kata, old: str, new: str, check: str, told: str
) -> None:
    """By the shared id, at the check that is named for it, and first."""
    assert old in RIGHT
    verdict = judged(grader, kata, RIGHT.replace(old, new))
    failed = {each.check.id: each for each in verdict.checks if each.outcome == "failed"}
    assert verdict.status is Status.FAILED
    assert check in failed, failed.keys()
    assert verdict.mistake is not None
    assert verdict.mistake.id == told, {name: each.told and each.told.id for name, each in failed.items()}
