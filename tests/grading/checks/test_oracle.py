"""Oracles and generic checks, on a small kata of the tests' own: what is said of a wrong answer, and where."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from judging import grade, grading, mistake, small_kata

from interview.content.katas.kata import Kata
from interview.grading.client import Grader
from interview.grading.verdict import CheckResult, Outcome, Status

RIGHT = """
import torch
class Scale(torch.nn.Module):
    def __init__(self, size, start=1.0):
        super().__init__()
        assert start >= 0, "start"
        self.weight = torch.nn.Parameter(torch.full((size,), start))
    def forward(self, x):
        return (x.double() * self.weight.double()).to(x.dtype)
"""
HIDDEN = """
import torch
from interview.grading.checks.expect import name_of
from interview.grading.checks.generic import (
    Attempt, expect_default, expect_from_scratch, expect_on_device, expect_range, expect_untouched,
)
from interview.grading.checks.oracle import Case, Layer, Module

def truth(x, size, start=1.0, weight=None):
    return x * (start if weight is None else weight)

scale = Module("Scale", truth)
set_ = {"weight": torch.tensor([2.0, -3.0])}

def test_values(solution):
    facts = {"where": "here"}
    scale.agrees(solution, [Case(torch.randn(4, 2), (2,), {"start": s}, facts=facts) for s in (0.5, 2.0)])

def test_half(solution):
    x = torch.randn(3, 2)
    scale.agrees(solution, [Case(x.half(), (2,)), Case(x.double(), (2,), cast=torch.float64)])

def test_gradient(solution):
    scale.agrees_in_gradients(solution, [Case(torch.randn(4, 2), (2,), parameters=set_, evaluated=True)])
    scale.agrees_in_gradients(solution, [Case(torch.randn(4, 2), (2,), parameters=set_)], between=True)

def test_memory(solution):
    x = torch.randn(2, 2)
    scale.remembers_nothing(solution, Case(x, (2,), parameters=set_), [("train", x), ("eval", x + 1), ("train", x)])

def test_layout(solution):
    scale.agrees(solution, [Case(torch.randn(2, 3).t(), (2,)), Case(torch.randn(0, 2), (2,))])

def test_scratch(solution):
    expect_from_scratch(solution, lambda: scale.made(solution, 2)(torch.ones(2)))

def test_untouched(solution):
    layer = scale.made(solution, 2)
    dtypes = torch.float32, torch.float64
    expect_untouched(solution, [(each, lambda each=each: layer(torch.ones(3, 2, dtype=each))) for each in dtypes])

def test_start(solution):
    x = torch.ones(2)
    plain, spelled = scale.made(solution, 2), scale.made(solution, 2, start=1.0)
    y, shown = plain(x), solution.call
    expect_default(solution, y, spelled(x), "start", 1.0, shown)

def test_range(solution):
    starts = 0.0, 2.0, -1.0
    came = solution.Scale.each([(2, each) for each in starts], catch=(Exception,))
    tried = [Attempt(f"start={each}", f"Scale(2, {each})", one) for each, one in zip(starts, came)]
    expect_range(solution, tried[:2], tried[2:], zeros=1)

def test_device(solution):
    x = torch.ones(3, 2)
    expect_on_device(lambda: Layer(solution, "Scale", Case(x, (2,))).device_of(x))
"""
SAID = {
    "ready_made": "{name}", "changes_the_input": "{dtype}", "promoted": "{went} {came}", "narrowed": "{went} {came}",
    "contiguous_only": "{shape}", "other_default": "{name} {default}", "made_on_cpu": "cpu",
    "zero_refused": "{setting}", "refused_otherwise": "{setting} {type}",
}  # fmt: skip


@pytest.fixture(scope="module")
def grader() -> Iterator[Grader]:
    with grading() as one:
        yield one


@pytest.fixture(scope="module")
def kata(tmp_path_factory: pytest.TempPathFactory) -> Kata:
    return small_kata(tmp_path_factory.mktemp("k") / "k", HIDDEN, provides=("Scale",),
                      forbidden=("torch.nn.functional.*relu*",),
                      mistakes=tuple(mistake(name, text) for name, text in SAID.items()))  # fmt: skip


def judged(grader: Grader, kata: Kata, source: str) -> dict[str, CheckResult]:
    """The checks that failed, by their ids."""
    verdict = grade(grader, kata, source, seed="3")
    assert verdict.status in (Status.PASSED, Status.FAILED), verdict
    return {each.check.id: each for each in verdict.checks if each.outcome is Outcome.FAILED}


def test_a_right_answer_passes(grader: Grader, kata: Kata) -> None:
    assert judged(grader, kata, RIGHT) == {}


@pytest.mark.parametrize(
    ("old", "new", "check", "said"),
    [
        ("self.weight.double())", "self.weight.double() + 1)", "values", "8 of 8 values differ, the first at [0, 0]"),
        (".to(x.dtype)", ".float()", "half", "promoted: float16 float32"),
        (".to(x.dtype)", ".half().to(x.dtype)", "values", "values differ"),
        (".to(x.dtype)", ".to(x.half().dtype if x.dtype == torch.double else x.dtype)", "half", "narrowed: float64 "),
        ("self.weight.double()", "self.weight.detach().double()", "gradient", "no gradient reached weight"),
        ("x.double() *", "x.double().detach() *", "gradient", "no gradient reached x"),
        ("x.double() *", "x.view(-1).view(x.shape).double() *", "layout", "contiguous_only: (3, 2)"),
        ("return (", "torch.nn.functional.relu(x); return (", "scratch", "ready_made: torch.nn.functional.relu"),
        ("return (", "x.data.add_(x.dtype == torch.double); return (", "untouched", "changes_the_input: "),
        ("start=1.0", "start=1.5", "start", "other_default: start 1.0"),
        ("return (", "self.weight.data.add_(self.training); return (", "memory", "values differ"),
        ("start >= 0", "start > 0", "range", "zero_refused: start=0.0"),
        ("start >= 0", "start != 2", "range", "start=2.0 was rejected"),
        ("start >= 0", "start >= -1", "range", "start=-1.0 was accepted"),
        ("super().__init__()", "super().__init__(); start**0.5 < 1", "range", "refused_otherwise: start=-1.0 Type"),
        ("x.double() *", "x.double() * torch.ones(2) *", "device", "made_on_cpu: cpu"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_at_its_check(
    grader: Grader, kata: Kata, old: str, new: str, check: str, said: str
) -> None:
    """Values, dtypes, gradients, layout, memory, defaults, arguments, device: each in words or by its shared id."""
    assert old in RIGHT
    failed = judged(grader, kata, RIGHT.replace(old, new))
    one = failed[check]
    assert one.message is not None
    told = f"{one.told.id}: {one.message.en}" if one.told else one.message.en
    assert said in told
    assert one.call is not None
    assert one.call.startswith("Scale(2")


PAIR = """
def product(x, y, times=1):
    return x * y * times
"""
PAIR_HIDDEN = """
import torch
from interview.grading.checks.oracle import Case, Function

product = Function("product", lambda x, times=1, *, y: x * y * times, first="x")

def case(*args, **more):
    return Case(torch.randn(3, 4), args, parameters={"y": torch.randn(3, 4)}, **more)

def test_values(solution):
    product.agrees(solution, [case(), case(3)])
    views = case().x.t(), case().x.t()
    product.agrees(solution, [Case(views[0], parameters={"y": views[1]})])

def test_gradient(solution):
    product.agrees_in_gradients(solution, [case(2)])
    product.agrees_in_gradients(solution, [case(trained=("x",)), case(trained=("y",))])
"""


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Kata:
    return small_kata(tmp_path_factory.mktemp("pair") / "k", PAIR_HIDDEN, provides=("product",),
                      mistakes=(mistake("contiguous_only", "{shape}"),))  # fmt: skip


@pytest.mark.parametrize(
    ("old", "new", "check", "said"),
    [
        ("x * y", "x * y", "", ""),
        ("x * y", "x + y", "values", "values differ"),
        ("x * y", "x * y.view(-1).view(y.shape)", "values", "contiguous_only"),
        ("x * y", "x * y.detach()", "gradient", "no gradient reached y"),
        ("x * y", "x * (y if x.requires_grad else y.detach())", "gradient", "no gradient reached y"),
        ("x * y", "x * y + 2 * (y - y.detach())", "gradient", "values differ"),
    ],
)
def test_a_function_of_two_tensors(grader: Grader, pair: Kata, old: str, new: str, check: str, said: str) -> None:
    """What comes beside x is compared in value and in gradient, each by its name, alone too; a copy of both is made."""
    verdict = grade(grader, pair, PAIR.replace(old, new), seed="3")
    failed = {each.check.id: each for each in verdict.checks if each.outcome is Outcome.FAILED}
    if not check:
        assert verdict.status is Status.PASSED
        return
    message, told = failed[check].message, failed[check].told
    assert message is not None
    assert said in (f"{told.id}: {message.en}" if told else message.en)


TRUTH = "return x * (start if weight is None else weight)"
FAULTS = {
    TRUTH: {
        "return x.nosuch": "raises AttributeError: 'Tensor' object has no attribute 'nosuch'",
        "raise ZeroDivisionError": "raises ZeroDivisionError",
        "return (x * 1).float()": "the truth of `Scale` gives (4, 2) float32 for (4, 2) float64",
        "return x[0]": "the truth of `Scale` gives (2,) float64 for (4, 2) float64",
        "return None": "the truth of `Scale` gives NoneType for (4, 2) float64",
    },
    'scale.agrees(solution, [Case(torch.randn(4, 2), (2,), {"start": s}, facts=facts) for s in (0.5, 2.0)])': {
        "scale.agrees(solution, [])": "there is no case in this table",
        "scale.accepts(solution, ())": "there is no case",
        "scale.agrees_in_gradients(solution, [])": "there is no case",
        "scale.remembers_nothing(solution, Case(torch.ones(2), (2,)), [])": "there is no case",
    },
    "expect_from_scratch(solution, lambda: scale.made(solution, 2)(torch.ones(2)))": {
        "expect_from_scratch(solution)": "there is no case",
    },
    "expect_untouched(solution, [(each, lambda each=each: layer(torch.ones(3, 2, dtype=each))) for each in dtypes])": {
        "expect_untouched(solution, iter(()))": "there is no case",
    },
    'expect_on_device(lambda: Layer(solution, "Scale", Case(x, (2,))).device_of(x))': {
        "expect_on_device()": "there is no case",
    },
}


@pytest.mark.parametrize(
    ("old", "new", "said"), [(old, new, said) for old, news in FAULTS.items() for new, said in news.items()]
)
def test_a_suite_that_cannot_judge_is_at_fault_itself(
    grader: Grader, tmp_path: Path, old: str, new: str, said: str
) -> None:
    """A truth that raises or gives something else, a table that is empty: no verdict, and the line of the suite."""
    assert HIDDEN.count(old) == 1
    kata = small_kata(tmp_path / "k", HIDDEN.replace(old, new), provides=("Scale",), forbidden=("torch.*relu*",),
                      mistakes=tuple(mistake(name, text) for name, text in SAID.items()))  # fmt: skip
    verdict = grade(grader, kata, RIGHT, seed="3")
    assert verdict.status is Status.BROKEN
    assert verdict.reason is not None
    assert said in verdict.reason.en
    assert re.search("[\u4e00-\u9fff]", verdict.reason.zh)
    number = kata.hidden.read_text().splitlines().index(f"    {new}") + 1
    assert f"hidden.py:{number}: " in verdict.reason.en or "gives" in said


def test_a_gradient_where_there_is_none_is_wrong(grader: Grader, tmp_path: Path) -> None:
    """The truth's gradient is zero: none at all is as good, and another is not."""
    hidden = HIDDEN.replace(TRUTH, "return x * 0 + (start if weight is None else weight)")
    right = RIGHT.replace("x.double() *", "torch.zeros_like(x.double()) +")
    (tmp_path / "one").mkdir()
    kata = small_kata(tmp_path / "one" / "k", hidden, provides=("Scale",), mistakes=(mistake("other_default", ""),))
    for source, failed in (
        (right, False),
        (right.replace("zeros_like(", "zeros_like(x) + (x - x.detach() + 0 *"), True),
    ):
        verdict = grade(grader, kata, source, seed="3")
        one = next(each for each in verdict.checks if each.check.id == "gradient")
        assert (one.outcome is Outcome.FAILED) == failed, one
