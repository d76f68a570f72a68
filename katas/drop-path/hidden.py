"""Checks for `drop_path(x, p=0.0, training=True)` and `linear_rates(depth, p_max)`: those of the family, a coin a sample,
and what is asked of ranks, of a batch of one and of the rates.
"""

import torch

from interview.grading.checks.callers import Function, worker
from interview.grading.checks.dropout_family import Family
from interview.grading.checks.expect import Mistake, Words, expect, expect_tensor
from interview.grading.checks.masks import same, signed
from interview.grading.checks.units import SAMPLE

path = Family(call=Function("drop_path"), unit=SAMPLE, p=0.0, side=110)

WHOLE = ((0.3, (40, 5, 4, 3)), (0.8, (50, 6, 7, 2)), (0.3, (40, 6, 9)))
PATTERNS: dict[tuple[int, ...], str] = {(0, 1): "per_channel", (0, 2): "per_channel", (0, 3): "per_channel"}
SHAPES = ((300,), (300, 2), (200, 3, 2), (200, 2, 1, 3), (100, 2, 1, 3, 2), (120, 1), (7, 1, 5), (60, 60),
          (80, 1, 2, 1, 1, 2, 1))  # fmt: skip
VIEWS = {
    ("a transpose", "转置的输入"): lambda: signed(4, 150).t(),
    ("a channels-last input", "channels_last 的输入"): lambda: signed(100, 3, 2, 4).to(
        memory_format=torch.channels_last
    ),
    ("a permuted input", "permute 得到的输入"): lambda: signed(120, 4, 6).permute(0, 2, 1),
    ("a slice", "切片的输入"): lambda: signed(120, 4, 6)[::2, 1:3, ::3],
    ("an expanded sample", "expand 得到的样本"): lambda: signed(1, 4, 3).expand(120, 4, 3),
}

test_from_scratch = path.from_scratch()
test_interface = path.interface()
test_range_of_p = path.range_of_p()
test_input_untouched = path.input_untouched()
test_eval_identity = path.eval_identity()
test_eval_repeats = path.eval_repeats()
test_whole = path.whole(WHOLE, PATTERNS)
test_survivors = path.survivors()
test_rate = path.rate()
test_extreme_p = path.extreme_p()
test_expectation = path.expectation()
test_own_coin = path.own_coin()
test_fresh_mask = path.fresh_mask()
test_count_varies = path.count_varies()
test_generator = path.generator()
test_gradient = path.gradient()
test_p_zero = path.p_zero()
test_p_one = path.p_one()
test_dtypes = path.dtypes()


def test_ranks(solution):
    """Of whatever rank x is, so is what comes back; a batch of one is dropped or scaled as any other. Its 40 calls at
    p = 0.4 are all kept with probability 1e-9, which decides only which mistake is named.
    """
    for x in (signed(300), signed(300, 2), signed(200, 3, 2)):
        y = expect_tensor(path.call.plain(solution, x, 0.4))
        if y.dim() > x.dim() or tuple(y.shape) == (len(x), *[1] * (3 - x.dim()), *x.shape):
            raise Mistake("four_d_only", rank=x.dim(), got=f"{tuple(y.shape)}", expected=f"{tuple(x.shape)}")
        expect_tensor(y, shape=x.shape)
    single = signed(1, 3, 2)
    many = worker(solution, path.call).results(single, 0.4, 40)
    solution.call = f"{path.call.shown(0.4)} × 40    x: (1, 3, 2) float32"
    many = expect_tensor(many, shape=(40, 1, 3, 2))
    lost = int((many[:, 0, 0, 0] == 0).sum())
    if lost and bool(((many == 0) | (many == single)).all()):
        got, expected = Words("0 or x", "0 或 x"), Words("0 or x/0.6", "0 或 x/0.6")
        raise Mistake("lone_sample_unscaled", lost=lost, got=got, expected=expected)
    right = bool(((many == 0) | same(many, single / 0.6)).all())
    expect(right, "wrong values for a batch of one", "只有一个样本时结果不对")


test_shapes = path.shapes(SHAPES, VIEWS)
test_device = path.device()


def rates(solution, depth, p_max):
    """`linear_rates` as a list of plain numbers."""
    found = solution.linear_rates(depth, p_max)
    expect(
        isinstance(found, (list, tuple)),
        "linear_rates did not return a list",
        "linear_rates 返回的不是 list",
        got=found,
        expected="list[float]",
    )
    if found and all(isinstance(each, torch.Tensor) for each in found):
        raise Mistake("tensor_rates", got=found[-1], expected=Words("a float", "float"))
    expect(
        all(isinstance(each, (int, float)) for each in found),
        "the rates are not plain numbers",
        "丢弃率不是普通的数",
        got=found,
        expected="list[float]",
    )
    return [float(each) for each in found]


def alike(got, want):
    return len(got) == len(want) and all(abs(a - b) <= 1e-6 for a, b in zip(got, want, strict=True))


def test_rates_ends(solution):
    """One rate for each block, 0.0 for the first and p_max for the last; a single block has 0.0."""
    for depth, p_max in ((12, 0.2), (5, 0.4), (2, 0.3)):
        got = rates(solution, depth, p_max)
        known = {
            "never_reaches_p_max": [p_max * i / depth for i in range(depth)],
            "starts_above_zero": [p_max * (i + 1) / depth for i in range(depth)],
            "descending": [p_max * (depth - 1 - i) / (depth - 1) for i in range(depth)],
            "constant": [p_max] * depth,
            "one_too_many": [p_max * i / depth for i in range(depth + 1)],
        }
        for name, wrong in known.items():
            if depth == 12 and alike(got, wrong):  # a formula shows at every depth
                raise Mistake(
                    name,
                    depth=depth,
                    p_max=p_max,
                    first=got[0],
                    last=got[-1],
                    count=len(got),
                    got=str([round(each, 4) for each in got]),
                    expected=f"0.0 … {p_max}",
                )
        expect(
            len(got) == depth,
            f"{len(got)} rates came back for {depth} blocks",
            f"{depth} 个 block 返回了 {len(got)} 个丢弃率",
            got=f"{len(got)}",
            expected=f"{depth}",
        )
        expect(
            abs(got[0]) <= 1e-6 and abs(got[-1] - p_max) <= 1e-6,
            "the rates do not run from 0.0 to p_max",
            "丢弃率不是从 0.0 到 p_max",
            got=f"{got[0]:.6g} … {got[-1]:.6g}",
            expected=f"0.0 … {p_max}",
        )
    try:
        single = rates(solution, 1, 0.2)
    except ZeroDivisionError:
        raise Mistake("depth_one_divides", got="ZeroDivisionError", expected="[0.0]") from None
    if alike(single, [0.2]):
        raise Mistake("depth_one_dropped", rate=single[0], got=str(single), expected="[0.0]")
    expect(
        alike(single, [0.0]),
        "linear_rates(1, 0.2) is not [0.0]",
        "linear_rates(1, 0.2) 不是 [0.0]",
        got=str(single),
        expected="[0.0]",
    )


def test_rates_linear(solution):
    """Equal steps: the rate of block i of n, counted from 0, is p_max · i/(n-1). Also with p_max = 0 and p_max = 1."""
    for depth, p_max in ((12, 0.2), (6, 0.5), (6, 0.2), (24, 0.37), (3, 1.0), (7, 0.0), (101, 0.1), (12, 0.35)):
        got, want = rates(solution, depth, p_max), [p_max * i / (depth - 1) for i in range(depth)]
        if p_max == 0.2 and alike(got, [1 - (1 - p_max) ** (i / (depth - 1)) for i in range(depth)]):
            raise Mistake("compounded", middle=got[6], want=want[6], got=f"{got[6]:.4f}", expected=f"{want[6]:.4f}")
        off = next((i for i, (a, b) in enumerate(zip(got, want, strict=False)) if abs(a - b) > 1e-6), None)
        expect(
            alike(got, want),
            f"linear_rates({depth}, {p_max}) is wrong",
            f"linear_rates({depth}, {p_max}) 不对",
            got=Words(f"{len(got)} rates", f"{len(got)} 个丢弃率")
            if off is None
            else Words(f"{got[off]:.6g} for block {off}", f"编号为 {off} 的 block：{got[off]:.6g}"),
            expected=Words(f"{depth} rates", f"{depth} 个丢弃率") if off is None else f"{want[off]:.6g}",
        )
