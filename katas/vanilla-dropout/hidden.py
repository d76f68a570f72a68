"""Checks for `vanilla_train(x, p)`, `vanilla_eval(x, p)` and `fold_into_next(weight, bias, p)`: those of the family for
the pair, a coin an element, nothing scaled in training; and what is asked of the fold.

What is exact in mathematics is compared at 1e-5: `x - p*x` loses a few ulp to `x * (1-p)`, and both are right.
"""

import itertools
from functools import partial
from typing import Any

import torch

from interview.grading.checks import masks
from interview.grading.checks.callers import Pair
from interview.grading.checks.dropout_family import Family, Scaled, inverted, unscaled
from interview.grading.checks.expect import REFUSALS, Mistake, Words, expect, expect_equal, expect_tensor
from interview.grading.checks.masks import signed
from interview.grading.checks.solution import ForbiddenCall, SubmissionError
from interview.grading.checks.statistics import rate_holds

NEAR = 1e-5
same = partial(masks.same, tol=NEAR)

vanilla = Family(
    call=Pair("vanilla_train", "vanilla_eval"),
    p=None,
    scale=unscaled,
    still=lambda p: 1 - p,
    exact=NEAR,
    wrong_scales=(Scaled("scaled_in_training", inverted), Scaled("eval_scale_in_training", lambda p: 1 - p)),
    wrong_evals=(
        Scaled("eval_unscaled", unscaled),
        Scaled("eval_times_p", lambda p: p),
        Scaled("eval_divided", inverted),
    ),
)

INSIDE = (0.3, 0.0, 1.0)
OUTSIDE = (-0.1, 1.1, -3.0, 2.0, float("nan"), -1e-6, 1.000001, float("inf"), -float("inf"))

test_from_scratch = vanilla.from_scratch(also=(lambda solution: solution.fold_into_next(signed(3, 4), signed(3), 0.3),))
test_range_of_p = vanilla.range_of_p()
test_interface = vanilla.interface()


def test_roles(solution):
    """vanilla_train drops and vanilla_eval does not, by position and by keyword; the fold returns a pair of tensors."""
    x, p = signed(20, 20), 0.25
    y = expect_tensor(solution.vanilla_train(x, p), shape=x.shape, dtype=x.dtype)
    z = expect_tensor(solution.vanilla_eval(x=x, p=p), shape=x.shape, dtype=x.dtype)
    if same(y, x * (1 - p)).all() and (z == 0).any() and same(z, x)[z != 0].all():
        raise Mistake("swapped")
    weight, bias = signed(5, 7), signed(5)
    expect_pair(solution.fold_into_next(weight, bias, p), weight, bias)
    expect_pair(solution.fold_into_next(weight=weight, bias=bias, p=p), weight, bias)


def expect_pair(value, weight, bias):
    """A (weight, bias) of the given shapes and dtypes."""
    if isinstance(value, torch.Tensor) and value.shape == weight.shape and value.dim() > 1:
        raise Mistake("bias_not_returned", got=Words("one tensor", "一个 tensor"), expected="(weight, bias)")
    expect(
        isinstance(value, tuple | list) and len(value) == 2,
        "fold_into_next does not return a pair",
        "fold_into_next 没有返回一对值",
        got=value,
        expected="(weight, bias)",
    )
    expect_tensor(value[0], shape=weight.shape, dtype=weight.dtype)
    if bias is None:
        expect(
            value[1] is None,
            "a bias of None did not come back as None",
            "bias 为 None 时返回的不是 None",
            got=value[1],
            expected="None",
        )
    else:
        expect_tensor(value[1], shape=bias.shape, dtype=bias.dtype)
    return value


test_input_untouched = vanilla.input_untouched()
test_eval_identity = vanilla.eval_identity()
test_eval_repeats = vanilla.eval_repeats()
test_survivors = vanilla.survivors()
test_rate = vanilla.rate()
test_extreme_p = vanilla.extreme_p()
test_expectation = vanilla.expectation()
test_own_coin = vanilla.own_coin()
test_fresh_mask = vanilla.fresh_mask()
test_count_varies = vanilla.count_varies()
test_generator = vanilla.generator()


def test_fold(solution):
    """The new weight is (1-p)·W: linear(x, *fold) is linear(vanilla_eval(x), W, b). Named at 0.3 and 0.8 only."""
    seen, calls = {}, {}
    for p in (0.3, 0.8, 0.1, 0.0, 1.0, 0.037):
        weight, bias = signed(19, 23), signed(19)
        seen[p] = (weight, expect_pair(solution.fold_into_next(weight, bias, p), weight, bias)[0])
        calls[p] = solution.call
    solution.call = calls[0.3]
    both = [(p, *seen[p]) for p in (0.3, 0.8)]
    weight, folded = seen[0.3]
    said: dict[str, Any] = {
        "p": 0.3,
        "got": f"new/old = {float((folded / weight).median()):.4g}",
        "expected": "new/old = 0.7",
    }
    if all(torch.equal(new, old) for p, old, new in both):
        raise Mistake("fold_unscaled", **said)
    if all(same(new, old * p).all() for p, old, new in both):
        raise Mistake("fold_times_p", ratio=0.3, **said)
    if all(same(new, old / (1 - p)).all() for p, old, new in both):
        raise Mistake("fold_divided", ratio=1 / 0.7, **said)
    if all((new == 0).any() and rate_holds(int((new == 0).sum()), new.numel(), p) for p, old, new in both):
        raise Mistake("fold_drops", share=float((folded == 0).float().mean()), **said)
    for p, (old, new) in seen.items():
        solution.call = calls[p]
        expect_equal(new, old * (1 - p), rtol=NEAR)
    for weight in (signed(1, 6), signed(6, 1), signed(1, 1)):
        new = solution.fold_into_next(weight, signed(weight.shape[0]), 0.3)[0]
        if isinstance(new, torch.Tensor) and new.shape == weight.squeeze().shape:
            raise Mistake("weight_squeezed", got=f"{tuple(new.shape)}", expected=f"{tuple(weight.shape)}")
        expect_equal(new, weight * (1 - 0.3), rtol=NEAR)
    square = signed(9, 9)
    expect_equal(solution.fold_into_next(square.t(), signed(9), 0.3)[0], square.t() * (1 - 0.3), rtol=NEAR)


def test_fold_bias(solution):
    """The bias comes back as it was: it is added after the mask. None stays None."""
    backs, calls = {}, {}
    for p in (0.3, 0.8, 1.0):
        weight, bias = signed(7, 5), signed(7)
        backs[p] = bias, expect_pair(solution.fold_into_next(weight, bias, p), weight, bias)[1]
        calls[p] = solution.call
    solution.call = calls[0.3]
    if all(same(back, bias * (1 - p)).all() for p, (bias, back) in backs.items()):
        raise Mistake("bias_folded", ratio=0.7, p=0.3, got="bias * (1 - p)", expected="bias")
    for p, (bias, back) in backs.items():
        solution.call = calls[p]
        expect_equal(back, bias)
    bias = signed(1)
    expect_equal(expect_pair(solution.fold_into_next(signed(1, 6), bias, 0.3), signed(1, 6), bias)[1], bias)
    try:
        pair = solution.fold_into_next(weight, None, 0.3)
    except ForbiddenCall:
        raise
    except SubmissionError as error:
        raise Mistake("none_bias_refused", got=str(error), expected="(weight, None)") from None
    expect_pair(pair, weight, None)


def test_fold_arguments(solution):
    """The fold refuses what the others refuse, changes neither weight nor bias, be they parameters, draws nothing, and
    makes what it makes in their dtype, where they live.
    """
    weight, bias = signed(4, 5), signed(4)
    calls = [(weight, bias, p) for p in (*INSIDE, *OUTSIDE)] + [(weight, None, 1.5)]
    for (_, _, p), each in zip(calls, solution.fold_into_next.each(calls, catch=(SubmissionError,)), strict=True):
        refused = isinstance(each, REFUSALS)
        expect(
            refused or p in INSIDE, f"p = {p:.7g} was not rejected", f"p = {p:.7g} 没有被拒绝", expected="ValueError"
        )
        expect(not refused or p not in INSIDE, f"p = {p} was rejected", f"p = {p} 被拒绝")
    for p, grad, leaf in itertools.product((0.5, 1.0, 0.0), (True, False), (False, True)):
        with torch.set_grad_enabled(grad):
            solution.fold_into_next(signed(12, 15).requires_grad_(leaf), signed(12).requires_grad_(leaf), p)
        changed = solution.changed
        expect(
            0 in changed or not changed, "fold_into_next changed the bias in place", "fold_into_next 修改了传入的 bias"
        )
        if changed:
            raise Mistake("fold_changes_weight", p=p)
    with solution.seeded(9):
        solution.fold_into_next(weight, None, 0.4)
    en, zh = "the generator is reseeded where nothing is drawn", "没有抽样，却重设了生成器的种子"
    expect(not solution.reseeded, en, zh)
    for dtype, tol in ((torch.float16, 1e-2), (torch.bfloat16, 4e-2), (torch.float64, 1e-6)):
        weight, bias = signed(30, 40, dtype=dtype), signed(30, dtype=dtype)
        new, back = expect_pair(solution.fold_into_next(weight, bias, 0.3), weight, bias)
        expect_equal(new.double(), weight.double() * 0.7, rtol=tol)
        expect_equal(back, bias)
    found = solution.device_of("fold_into_next", signed(4, 5), signed(4), 0.5)
    expected = Words("the device of the arguments", "参数所在的 device")
    expect(
        found not in ("mixed", "here"), "a tensor of the CPU is mixed in", "混入了 CPU 上的 tensor", expected=expected
    )


test_gradient = vanilla.gradient()
test_p_zero = vanilla.p_zero()
test_p_one = vanilla.p_one()
test_dtypes = vanilla.dtypes()
test_shapes = vanilla.shapes()
test_device = vanilla.device()
