"""Checks for `dropout2d(x, p=0.5, training=True)`: those of the family, a coin a map; and what is asked of the rank."""

import itertools
from typing import Any

import torch

from interview.grading.checks.callers import Function
from interview.grading.checks.dropout_family import Family
from interview.grading.checks.expect import REFUSALS, Mistake, Words, expect
from interview.grading.checks.masks import signed
from interview.grading.checks.solution import SubmissionError
from interview.grading.checks.statistics import rate_holds
from interview.grading.checks.units import CHANNEL

maps = Family(call=Function("dropout2d"), unit=CHANNEL, side=110)

WHOLE = ((0.3, (12, 10, 6, 7)), (0.8, (9, 16, 5, 4)), (0.3, (6, 8, 24, 30)))
PATTERNS = {(0, 3): "channels_last_axis", (3,): "channels_last_axis", (2, 3): "positions", (0, 2, 3): "positions"}
SHAPES = ((1, 300, 1, 1), (300, 1, 1, 1), (1, 300, 1, 3), (300, 1, 3, 1), (1, 40, 9, 5), (3, 40, 17, 1), (20, 20, 1, 2))
VIEWS = {
    ("a channels-last input", "channels_last 的输入"): lambda: signed(12, 16, 4, 6).to(
        memory_format=torch.channels_last
    ),
    ("a transpose", "转置的输入"): lambda: signed(12, 16, 4, 6).transpose(0, 1),
    ("a permuted NHWC input", "由 NHWC permute 得到的输入"): lambda: signed(12, 4, 6, 16).permute(0, 3, 1, 2),
    ("a slice", "切片的输入"): lambda: signed(12, 16, 4, 6)[::2, :, 1:3, ::3],
    ("an expanded sample", "expand 得到的样本"): lambda: signed(1, 16, 2, 3).expand(12, 16, 2, 3),
    ("an expanded channel", "expand 得到的通道"): lambda: signed(12, 1, 2, 3).expand(12, 16, 2, 3),
}
OTHER_RANKS = ((), (6,), (4, 5), (3, 4, 5), (2, 3, 4, 5, 2))
ACCEPTED: dict[str, Any] = {"got": Words("accepted", "没有报错"), "expected": "ValueError"}

test_from_scratch = maps.from_scratch()
test_range_of_p = maps.range_of_p()
test_interface = maps.interface()


def test_rank(solution):
    """Only (N, C, H, W): 0-d, 1-d, 2-d, 3-d and 5-d inputs are refused, in training and in eval, for every p."""
    calls = [(signed(*shape), p, training) for shape, (p, training) in itertools.product(
        OTHER_RANKS, ((0.3, True), (0.3, False), (0.0, True), (1.0, True)))]  # fmt: skip
    let_in, shown = [], {}
    for (x, p, training), came in zip(calls, solution.dropout2d.each(calls, catch=(SubmissionError,)), strict=True):
        if not isinstance(came, REFUSALS):
            let_in.append((x.dim(), p, training, came))
            shown[x.dim(), p, training] = solution.call
    if not let_in:
        return
    loud = [rank for rank, p, training, came in let_in if (p, training) == (0.3, True)]
    took = [rank for rank, p, training, came in let_in if not isinstance(came, SubmissionError)]
    if 3 in loud and 3 in took:
        solution.call = shown[3, 0.3, True]
        ranks = sorted({rank for rank in loud if rank in took})
        raise Mistake("other_ranks", rank=", ".join(map(str, ranks)), **ACCEPTED)
    quiet = [rank for rank, p, training, came in let_in if not training]
    if not loud and quiet and set(quiet) <= set(took):
        solution.call = shown[quiet[0], 0.3, False]
        raise Mistake("rank_in_training_only", rank=quiet[0], **ACCEPTED)
    rank, p, training, came = let_in[0]
    solution.call = shown[rank, p, training]
    got = Words(str(came), str(came)) if isinstance(came, SubmissionError) else ACCEPTED["got"]
    expect(False, f"a {rank}-d input was not rejected", f"{rank} 维输入没有被拒绝", got=got, expected="ValueError")


test_input_untouched = maps.input_untouched()
test_eval_identity = maps.eval_identity()
test_eval_repeats = maps.eval_repeats()
test_whole = maps.whole(WHOLE, PATTERNS)
test_survivors = maps.survivors()
test_rate = maps.rate()
test_extreme_p = maps.extreme_p()
test_expectation = maps.expectation()
test_own_coin = maps.own_coin()


def test_none_or_all(solution):
    """A sample may lose none or all of its channels: of three at p = 0.5 each happens in an eighth of 1000 samples."""
    kept = maps.sheet(solution, 0.5, 1000, 3).sum(1)
    none, full = int((kept == 0).sum()), int((kept == 3).sum())
    if none == 0 and (rate_holds(full, 1000, 1 / 8) or rate_holds(full, 1000, 1 / 7)):
        got = Words("no sample lost all of its 3 channels", "没有样本丢掉全部 3 个通道")
        raise Mistake("always_keeps_one", samples=1000, got=got, expected=Words("about 125", "约 125 个"))
    if len(set(kept.tolist())) == 1:
        raise Mistake("exact_rows", kept=int(kept[0]), n=3, rows=1000)
    for count in (none, full):
        en, zh = (
            "samples that lose all or none of 3 channels are too rare or too frequent",
            "3 个通道全丢或全留的样本过少或过多",
        )
        expect(rate_holds(count, 1000, 1 / 8), en, zh, got=f"{count / 1000:.3f}", expected="0.125")


test_fresh_mask = maps.fresh_mask()
test_count_varies = maps.count_varies()
test_generator = maps.generator()
test_gradient = maps.gradient()
test_p_zero = maps.p_zero()
test_p_one = maps.p_one()
test_dtypes = maps.dtypes()
test_shapes = maps.shapes(SHAPES, VIEWS)
test_device = maps.device()
