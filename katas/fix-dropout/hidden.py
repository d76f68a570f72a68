"""Checks for the mended `dropout(x, p=0.5, training=True)`: the contract of the kata `dropout`.

Each statistical test spends at most ALPHA = 1e-11 of false alarm; the suite has fewer than ninety of them, so a right
answer is turned away with probability below 1e-9 a run. About 270,000 coins are drawn in all, so that a plain Python
loop is judged within its ten seconds. Inputs have both signs, no zeros and no repeated value. Values are exact up to
the order of a product and a division: 1e-5 in float32.
"""

import itertools

import torch

from interview.grading import statistics
from interview.grading.coins import expect_independent, expect_no_repeats, rate_found, signed
from interview.grading.faults import ForbiddenCall, SubmissionError
from interview.grading.suite import Mask, Mistake, Wrong, expect, expect_equal, expect_tensor, refuses

NEAR = 1e-5
HALF = {torch.float16: 1e-2, torch.bfloat16: 4e-2, torch.float32: NEAR, torch.float64: 1e-6}
NAN = float("nan")
BEYOND = (-1e-6, 1.000001, float("inf"), -float("inf"))
TINY, NEAR_ONE, NEXT_TO_NOTHING = 0.00096, 0.9981, 2e-7
EXTREMES = (  # dtype, p, shape
    (torch.bfloat16, TINY, (160, 180)),
    (torch.bfloat16, NEAR_ONE, (120, 120)),
    (torch.bfloat16, NEXT_TO_NOTHING, (64, 96)),
    (torch.float16, NEXT_TO_NOTHING, (222, 222)),
)

HELPER = """
import torch

def several(x, p, count):
    return [submission.dropout(x.clone(), p, True) for _ in range(count)]

def masks(x, p, times):
    return torch.stack([submission.dropout(x.clone(), p, True) != 0 for _ in range(times)])
"""


def same(a, b, tol=NEAR):
    """Element by element: equal up to a relative tolerance."""
    return (a - b).abs() <= tol * b.abs()


def forward(solution, x, p):
    return expect_tensor(solution.dropout(x, p, True), shape=x.shape)


def kept(solution, p, *shape):
    """Which elements of a signed input survive one call in training."""
    return forward(solution, signed(*shape), p) != 0


def drops(solution, x, p):
    """Is a share of about p missing in eval?"""
    zeros = int((expect_tensor(solution.dropout(x, p, False), shape=x.shape) == 0).sum())
    return zeros > 0 and statistics.rate_holds(zeros, x.numel(), p)


def test_from_scratch(solution):
    """No ready-made dropout is called, in training or in eval, whether or not its refusal is caught."""
    for training in (True, False):
        try:
            solution.dropout(signed(3, 4), 0.3, training)
        except SubmissionError as error:
            if isinstance(error, ForbiddenCall) or solution.forbidden:
                raise Mistake("ready_made", name=solution.forbidden[0]) from None
        if solution.forbidden:
            raise Mistake("ready_made", name=solution.forbidden[0])


def test_runs_here(solution):
    """It runs where there is no GPU: nothing is sent to a device by its name."""
    for training in (True, False):
        try:
            solution.dropout(signed(3, 4), 0.3, training)
        except ForbiddenCall:
            raise
        except SubmissionError as error:
            if "cuda" in error.text.lower():
                raise Mistake("cuda_by_name", got=str(error), expected="the device of x") from None


def test_range_of_p(solution):
    """p in [0, 1] is accepted, its ends included; anything else is refused, NaN and infinity too, in training and in eval."""
    x = signed(4, 5)
    refused = [
        p for p in (0.3, 0.0, 1.0) if refuses(solution.dropout, x, p, True) or refuses(solution.dropout, x, p, False)
    ]
    if 0.3 in refused and 1.0 not in refused:
        raise Mistake("only_one_accepted", got="p=0.3 refused, p=1 accepted", expected="0 <= p <= 1")
    if refused and 0.3 not in refused:
        raise Mistake("ends_refused", refused=", ".join(f"p={each:g}" for each in refused))
    expect(not refused, f"p={refused and refused[0]} was refused", f"p={refused and refused[0]} 被拒绝")
    outside = (-0.1, 1.1, -3.0, 2.0)
    accepted = {
        training: [p for p in outside if not refuses(solution.dropout, x, p, training)] for training in (True, False)
    }
    nan = {training: not refuses(solution.dropout, x, NAN, training) for training in (True, False)}
    every = list(outside)
    if accepted == {True: every, False: every} and nan[True] and nan[False]:
        if all(torch.equal(forward(solution, x, p), x) for p in (*outside, NAN)):
            raise Mistake("wrong_p_ignored", p=outside[0], got="x", expected="ValueError")
        raise Mistake("no_range_check", p=outside[0])
    if nan[True] and nan[False] and not accepted[True] and not accepted[False]:
        raise Mistake("nan_accepted")
    if not accepted[True] and not nan[True] and accepted[False] == every and nan[False]:
        raise Mistake("checked_in_training_only", p=outside[0])
    for training in (True, False):
        wrong = [*accepted[training], *([NAN] if nan[training] else [])]
        expect(
            not wrong,
            f"p = {wrong and wrong[0]} was accepted",
            f"p = {wrong and wrong[0]} 没有报错",
            expected="ValueError",
        )
    for p, training in itertools.product(BEYOND, (True, False)):
        expect(
            refuses(solution.dropout, x, p, training),
            f"p = {p:.7g} was accepted",
            f"p = {p:.7g} 没有报错",
            expected="ValueError",
        )
    expect(
        refuses(solution.dropout, signed(0, 3), 1.5, True),
        "p = 1.5 was accepted for an empty x",
        "x 为空时 p = 1.5 没有报错",
        expected="ValueError",
    )


def test_interface(solution):
    """Positional and keyword arguments, the defaults p = 0.5 and training = True, a tensor like the input.

    2,000 coins: all kept with probability 2^-2000; the default p is told by its rate.
    """
    x = signed(40, 50)
    for y in (solution.dropout(x, 0.25), solution.dropout(x=x, p=0.25, training=True)):
        expect_tensor(y, shape=x.shape, dtype=x.dtype)
    if torch.equal(solution.dropout(x, 0.25, True), x):
        expect_none_with_gradient(solution, x)
        raise Mistake("never_drops", got="dropout(x, 0.25, True) == x", expected="about a quarter of x dropped")
    y = expect_tensor(solution.dropout(x), shape=x.shape, dtype=x.dtype)
    if torch.equal(y, x):
        raise Mistake("eval_by_default", got="dropout(x) == x")
    share = float((y == 0).float().mean())
    expect(
        statistics.rate_holds(int((y == 0).sum()), y.numel(), 0.5),
        f"dropout(x) drops a share of {share:.3f}, not 0.5",
        f"dropout(x) 丢弃了 {share:.3f}，而不是 0.5",
        got=f"{share:.3f}",
        expected="0.5",
    )


def expect_none_with_gradient(solution, x):
    """An x that needs a gradient is not dropped from either; otherwise only other inputs come back whole."""
    y = forward(solution, x.clone().requires_grad_(), 0.25).detach()
    expect(
        torch.equal(y, x),
        "nothing is dropped in training where x needs no gradient",
        "x 不需要梯度时，训练中什么都没有丢弃",
        got="the output is x",
        expected="about a quarter of x dropped",
    )


def test_eval(solution):
    """In eval the output is x, bit by bit, each time and for every p, and the gradient is one.

    The untouched rest of the file is recognised by two more of its faults.
    """
    for p in (0.3, 0.8, 0.0, 1.0):
        x = signed(24, 31)
        y = expect_tensor(solution.dropout(x, p, False), shape=x.shape)
        if p == 0.3 and drops(solution, x, 0.3) and drops(solution, x, 0.8):
            half = solution.dropout(x.half(), p, True)
            one = solution.dropout(x.clone().requires_grad_(), 1.0, True)
            if half.dtype is torch.float32 and not one.requires_grad:
                raise Mistake(
                    "range_only", p=p, came="float32", got="zeros in eval, float16 as float32, no graph at p = 1"
                )
            raise Mistake("drops_in_eval", p=p, share=float((y == 0).float().mean()), got="zeros", expected="x")
        if p == 1.0 and (y == 0).all():
            raise Mistake("zeros_in_eval_at_one", got="zeros", expected="x")
        if p in (0.3, 0.8) and same(y, x * (1 - p)).all():
            raise Mistake("eval_times_keep", p=p, ratio=1 - p, got=f"y/x = {1 - p:.4g}", expected="y/x = 1")
        expect_equal(y, x)
        expect_equal(solution.dropout(x, p, training=False), x)
    x = signed(24, 31).requires_grad_()
    y = solution.dropout(x, 0.4, False)
    expect(
        y.requires_grad,
        "no gradient flows in eval",
        "eval 时没有梯度",
        got="requires_grad=False",
        expected="requires_grad=True",
    )
    y.sum().backward()
    expect_equal(gradient_of(x), torch.ones_like(x))


def gradient_of(x):
    expect(x.grad is not None, "x has no gradient", "x 没有梯度", got="x.grad is None")
    return x.grad


def test_p_zero(solution):
    """p = 0 keeps every value, and the gradient is one."""
    x = signed(13, 17).requires_grad_()
    y = expect_tensor(solution.dropout(x, 0.0, True), shape=x.shape)
    if (y == 0).all():
        raise Mistake("zeros_at_zero", got="zeros", expected="x")
    expect_equal(y, x, rtol=NEAR)
    expect(
        y.requires_grad,
        "no gradient flows at p = 0",
        "p = 0 时没有梯度",
        got="requires_grad=False",
        expected="requires_grad=True",
    )
    y.sum().backward()
    expect_equal(gradient_of(x), torch.ones_like(x), rtol=NEAR)


def test_p_one(solution):
    """p = 1 gives zeros; the gradient of x exists and is zero. No NaN from 0/0."""
    x = signed(13, 17).requires_grad_()
    y = expect_tensor(solution.dropout(x, 1.0, True), shape=x.shape, dtype=x.dtype)
    if y.isnan().any():
        raise Mistake("nan_at_one", count=int(y.isnan().sum()), total=y.numel(), got="nan", expected="0")
    expect_equal(y.abs(), torch.zeros_like(x))
    if not y.requires_grad:
        expect(
            forward(solution, signed(13, 17).requires_grad_(), 0.3).requires_grad,
            "no gradient flows at p = 1, and none at p = 0.3",
            "p = 1 时没有梯度，p = 0.3 时也没有",
            got="requires_grad=False",
            expected="requires_grad=True",
        )
        raise Mistake("detached_at_one", got="requires_grad=False", expected="requires_grad=True")
    y.sum().backward()
    if x.grad is None:
        raise Mistake("leaf_at_one", got="x.grad is None", expected="zeros")
    if x.grad.isnan().any():
        raise Mistake("nan_gradient_at_one", got="nan", expected="0")
    expect_equal(x.grad.abs(), torch.zeros_like(x))


def test_survivors(solution):
    """Each element is 0 or x/(1-p). A wrong scale is named if it holds at p = 0.3 and at 0.8."""
    seen = {}
    for p in (0.3, 0.8, 0.1, 0.97):  # 2,000 coins at 0.97: none survives with probability 0.97^2000 < 1e-26
        x = signed(40, 50)
        y = forward(solution, x, p)
        seen[p] = x, y, y != 0
        expect((y != 0).any(), f"nothing survives at p = {p}", f"p = {p} 时没有任何元素保留", got="all zeros")

    def explained(scale):
        return all(same(y, x * scale(p, alive))[alive].all() for p, (x, y, alive) in seen.items() if p in (0.3, 0.8))

    x, y, alive = seen[0.3]
    said = {"p": 0.3, "got": f"y/x = {float((y / x)[alive].median()):.4g}", "expected": f"y/x = {1 / 0.7:.4g}"}
    whole = any(alive.all() for p, (x, y, alive) in seen.items() if p in (0.3, 0.8))  # nothing is dropped
    if not whole and explained(lambda p, alive: 1.0):
        raise Mistake("scale_missing", mean=0.7, **said)
    if explained(lambda p, alive: 1 / p):
        raise Mistake("scale_one_over_p", ratio=1 / 0.3, **said)
    if explained(lambda p, alive: 1 / (1 - p) ** 2):
        raise Mistake("scaled_twice", ratio=1 / 0.49, **said)
    if explained(lambda p, alive: alive.numel() / alive.sum()) and not explained(lambda p, alive: 1 / (1 - p)):
        raise Mistake("renormalised", ratio=float(alive.numel() / alive.sum()), **said)
    x, y, alive = seen[0.97]
    ratio = float((y / x)[alive].median())
    if explained(lambda p, alive: 1 / (1 - p)) and same(y, x * ratio)[alive].all() and ratio < 33:
        raise Mistake("scale_capped", p=0.97, ratio=ratio, got=f"y/x = {ratio:.4g}", expected=f"y/x = {1 / 0.03:.4g}")
    for p, (x, y, alive) in seen.items():
        expect_equal(torch.where(alive, y, 0), torch.where(alive, x / (1 - p), 0), rtol=NEAR)


def test_rate(solution):
    """The share of zeros is p. Chernoff's bound: with 20,000 coins a rate off by 0.04 is missed below 1e-6.

    At p = 0.004 a p rounded to hundredths drops nothing; 20,000 coins all kept have probability e^-80.
    """
    counts, masks = {}, {}
    for p in (0.3, 0.1, 0.8, 0.004):
        masks[p] = kept(solution, p, 100, 200)
        counts[p] = int((~masks[p]).sum()), 20_000
    off = [p for p, (zeros, n) in counts.items() if not statistics.rate_holds(zeros, n, p)]
    if not off:
        expect_even_rates(masks)
        return
    if all(statistics.rate_holds(n - zeros, n, p) for p, (zeros, n) in counts.items()):
        raise Mistake("p_is_keep", p=0.3, share=counts[0.3][0] / counts[0.3][1], **rate_found(*counts[0.3], 0.3))
    if all(statistics.rate_holds(zeros, n, statistics.normal_cdf(p)) for p, (zeros, n) in counts.items()):
        raise Mistake("normal_draws", p=0.3, share=counts[0.3][0] / counts[0.3][1], **rate_found(*counts[0.3], 0.3))
    p = off[0]
    if p == 0.004 and not any((~kept(solution, p, 100, 200)).any() for _ in range(40)):  # nor is a mask shared by rows
        raise Mistake("p_rounded", p=p, n=20_000, mean=80, **rate_found(*counts[p], p))
    expect(
        False,
        f"the share of dropped elements is {counts[p][0] / counts[p][1]:.4f}, not {p}",
        f"被丢弃的比例是 {counts[p][0] / counts[p][1]:.4f}，而不是 {p}",
        **rate_found(*counts[p], p),
    )


def expect_even_rates(masks):
    """No half of the rows, and no second row or column, is dropped at a rate of its own: one off by 0.06 is missed below 1e-6."""
    for p, mask in masks.items():
        parts = (mask[:50], mask[50:], mask[::2], mask[1::2], mask[:, ::2], mask[:, 1::2])
        for part in parts:
            zeros = int((~part).sum())
            expect(
                statistics.rate_holds(zeros, part.numel(), p, statistics.ALPHA / len(parts)),
                "the drop rate depends on the position",
                "丢弃率随位置而变",
                **rate_found(zeros, part.numel(), p),
            )


def test_extreme_p(solution):
    """p next to 0 or 1 counts, in half precision too, where a coin has few bits.

    Coins in bfloat16 are multiples of 1/256, in float16 of 1/2048, so that the least rate they have is that, and at
    p = 2e-7 they drop 24 elements where a coin in float32 drops one in a hundred runs; 0.01 expected, five (or four of
    6144) are refused, and missed with probability below 1e-6. 1 - 0.00096 and 0.9981 are 1 in bfloat16: none of 28,800
    dropped, or none of 14,400 kept, has probability 2e-12 for a right answer.
    """
    off = []
    for dtype, p, shape in EXTREMES:
        x = signed(*shape, dtype=dtype)
        y = forward(solution, x, p).double()
        zeros, n = int((y == 0).sum()), y.numel()
        expect_equal(y, torch.where(y == 0, 0, x.double() / (1 - p)), rtol=HALF[dtype])
        if not statistics.rate_holds(zeros, n, p):
            off.append((dtype, p, shape, zeros, n))
    if not off:
        return
    again = [int((~kept(solution, p, *shape)).sum()) for _, p, shape, _, _ in off]
    dtype, p, _, zeros, n = off[0]
    if (
        (p < 0.5 or zeros == n)
        and all(few_bits(*each) for each in off)
        and all(statistics.rate_holds(count, each[-1], each[1]) for count, each in zip(again, off, strict=True))
        and independent(solution)
    ):
        raise Mistake("half_coins", dtype=str(dtype).removeprefix("torch."), p=p, count=zeros, n=n,
                      **rate_found(zeros, n, p))  # fmt: skip
    if p == TINY and zeros == again[0] == 0 and independent(solution):
        raise Mistake("p_rounded", p=p, n=n, mean=n * p, **rate_found(zeros, n, p))
    expect(
        False,
        f"at p = {p:g} {zeros} of {n} elements are dropped",
        f"p = {p:g} 时 {n} 个元素中丢弃了 {zeros} 个",
        **rate_found(zeros, n, p),
    )


def independent(solution):
    """Has every element a coin of its own? Where some share one, a rate says little about the coins themselves."""
    try:
        mask = kept(solution, 0.4, 100, 200)
        expect_independent(mask, 0.4)
        expect_no_repeats(mask.flatten(), 0.4)
    except Wrong:
        return False
    return statistics.rate_holds(kept_ones(solution), 1600, 0.6)


def few_bits(dtype, p, _, zeros, n):
    """Do none or all drop, or the least share that a coin of that dtype can have?"""
    least = 1 / 256 if dtype is torch.bfloat16 else 1 / 2048
    return zeros in (0, n) or statistics.rate_holds(zeros, n, least if p < 0.5 else 1 - least)


def kept_ones(solution):
    """How many of 1600 equal values are kept at p = 0.4."""
    return int((forward(solution, torch.ones(40, 40), 0.4) != 0).sum())


def test_own_coin(solution):
    """Every element has its own coin: no axis shares a mask, and lags do not repeat one.

    64 x 48 coins: all rows (or columns) alike has probability below 2^-1000. The lags compare disjoint pairs, which
    are independent: they differ at rate 2p(1-p). The mirrored pairs (i, n-1-i) are disjoint as well.
    Three, four and five axes, and an x of equal values too.
    """
    p = 0.4
    mask = kept(solution, p, 64, 48)
    mixed = bool(mask.any()) and not bool(mask.all())
    if mixed and bool((mask == mask[:1]).all()):
        raise Mistake("shared_over_batch", got="every row has the same mask", picture=Mask.of(mask, p))
    if mixed and bool((mask == mask[:, :1]).all()):
        raise Mistake("shared_over_features", got="every row is kept or dropped whole", picture=Mask.of(mask, p))
    expect_independent(mask, p)
    for shape in ((6, 7, 8, 9), (12, 13, 15), (4, 3, 5, 4, 3)):
        cube = kept(solution, p, *shape)
        for axis in range(len(shape)):
            expect(
                (cube != cube.narrow(axis, 0, 1)).any(),
                f"the mask is shared over axis {axis} of a {len(shape)}-d input",
                f"{len(shape)} 维输入的第 {axis} 维共用同一个掩码",
            )
        if len(shape) < 5:
            expect_independent(cube.flatten(0, -3).flatten(1), p)
    ones = kept_ones(solution)
    expect(
        statistics.rate_holds(ones, 1600, 0.6),
        "equal values share a coin",
        "相等的值共用同一次抽样",
        got=f"{ones} of 1600 ones kept",
        expected="≈ 960",
    )
    expect_no_repeats(kept(solution, p, 100, 200).flatten(), p)


def test_blind_to_x(solution):
    """The mask does not look at x: small, large, positive and negative values are dropped alike.

    The rate within a group is Chernoff-tested; the mistake is told when the same group strays in each of two calls.
    """
    p = 0.3
    x = signed(100, 120)
    strays = [stray_groups(solution, x, p)]
    if not strays[0]:
        return
    strays.append(stray_groups(solution, x, p))
    for name, seen in strays[0].items():
        if (seen - p) * (strays[1].get(name, p) - p) > 0:
            raise Mistake(
                "looks_at_the_data",
                group=name,
                p=p,
                share=seen,
                got=f"{seen:.3f} of the {name} ones dropped",
                expected=f"{p}",
            )
    for name, seen in strays[0].items():
        expect(
            False,
            f"a share of {seen:.3f} of the {name} values was dropped",
            f"{name} 组的值被丢弃了 {seen:.3f}",
            got=f"{seen:.3f}",
            expected=f"{p}",
        )


def stray_groups(solution, x, p):
    """The groups of values dropped at another rate than p, when the rate over all is p."""
    alive = forward(solution, x, p) != 0
    if not statistics.rate_holds(int(alive.sum()), x.numel(), 1 - p):
        return {}
    groups = {"small": x.abs() < 1.25, "large": x.abs() >= 1.25, "positive": x > 0, "negative": x < 0}
    return {name: float((~alive)[group].float().mean()) for name, group in groups.items()
            if not statistics.rate_holds(int((alive & group).sum()), int(group.sum()), 1 - p)}  # fmt: skip


def test_fresh_mask(solution):
    """Each call draws anew: every pair of four calls differs at rate 2p(1-p), each made where the last one left off.

    A mask that is always the same, one that goes with the seed alone (the generator is put back after the draw) and a
    generator that is seeded inside are told apart by a second run from another seed.
    Of 200 masks over 60 elements at p = 0.5 two are alike with probability 200²/2 · 2^-60 < 1e-13; out of a thousand
    prepared ones 200 calls draw none twice with probability below 1e-8. They are drawn under no_grad, for a mask kept
    there is as stale; calls in pairs differ at rate 1/2, and no element is dropped at a rate of its own.
    """
    p, x = 0.3, signed(40, 50)
    helper = solution.build(HELPER)
    masks = [expect_tensor(y, shape=x.shape) != 0 for y in helper.several(x, p, 4)]
    reseeded = solution.reseeded
    others = [y != 0 for y in helper.several(x, p, 2)]
    solution.call = f"dropout(x, p={p}), again and again"
    mixed = bool(masks[0].any()) and not bool(masks[0].all())
    if mixed and any(torch.equal(a, b) for a, b in itertools.combinations(masks, 2)):
        said = {"got": "two calls, one mask", "picture": Mask(*(Mask.of(each, p).yours for each in masks[:2]))}
        if reseeded:
            raise Mistake("reseeds", **said)
        if all(torch.equal(masks[0], each) for each in masks):
            if torch.equal(masks[0], others[0]):
                raise Mistake("same_mask_again", **said)
            raise Mistake("generator_put_back", **said)
    for a, b in itertools.combinations([*masks, *others], 2):
        differ, n = int((a != b).sum()), a.numel()
        expect(
            statistics.rate_holds(differ, n, 2 * p * (1 - p)),
            "two calls are not independent",
            "两次调用不独立",
            got=f"{differ / n:.3f} differ",
            expected=f"{2 * p * (1 - p):.3f}",
        )
    with torch.no_grad():
        small = expect_tensor(helper.masks(signed(1, 60), 0.5, 200), shape=(200, 1, 60)).reshape(200, 60)
    solution.call = "200 calls under torch.no_grad() at p = 0.5    x: (1, 60) float32"
    count = len({tuple(each) for each in small.tolist()})
    expect(
        count == 200,
        f"200 calls on 60 elements have {count} different masks",
        f"对 60 个元素调用 200 次，只有 {count} 种不同的掩码",
        got=count,
        expected=200,
    )
    expect(
        statistics.each_rate_holds(small.sum(0).tolist(), 200, 0.5) is None
        and statistics.rate_holds(int((small[::2] != small[1::2]).sum()), 6000, 0.5),
        "the masks of 200 calls are not independent",
        "200 次调用的掩码不独立",
    )


def test_count_varies(solution):
    """The number of drops is binomial, not fixed, in a call and in a row.

    Small calls all have the same count with probability below ALPHA; over 250 rows, how often a count strays from
    its mean by more than 0.7 standard deviations has an exactly known rate.
    """
    p, n = 0.5, 48
    calls = statistics.calls_never_alike(n, p)
    masks = [kept(solution, p, 6, 8) for _ in range(calls)]
    counts = [int(mask.sum()) for mask in masks]
    expect(
        any(not torch.equal(masks[0], mask) for mask in masks), "every call has the same mask", "每次调用的掩码都相同"
    )
    if len(set(counts)) == 1:
        raise Mistake(
            "exact_count", kept=counts[0], n=n, calls=calls, got=f"{counts[0]} of {n} in each of {calls} calls"
        )
    rows = kept(solution, p, 250, 48).sum(1).tolist()
    expect(len(set(rows)) > 1, f"every row keeps exactly {rows[0]} of 48", f"每一行都恰好保留 48 个中的 {rows[0]} 个")
    two = expect_tensor(solution.build(HELPER).masks(signed(2), 0.8, 30), shape=(30, 2))
    if two.any(1).all():  # a right answer: 0.36^30 < 1e-13; and no element is kept for good
        expect(not two.all(0).any(), "one of two elements is never dropped", "两个元素中有一个从不被丢弃")
        raise Mistake(
            "keeps_at_least_one", p=0.8, calls=30, got="never both of 2 dropped", expected="both in 64 of 100 calls"
        )
    strays = sum(abs(each - n * (1 - p)) > 2.5 for each in rows)
    rate = statistics.tail_rate(n, 1 - p, 2.5)
    expect(
        statistics.rate_holds(strays, len(rows), rate),
        "the counts vary more or less than those of independent coins",
        "保留个数的波动与独立抽样不符",
        got=f"{strays / len(rows):.3f}",
        expected=f"{rate:.3f}",
    )


def test_generator(solution):
    """The coins come from torch's global generator: its seed alone decides them, and it is not reseeded."""
    x = signed(30, 40)
    ys = []
    for seed, other in ((7, 1), (7, 2), (8, 1)):
        with solution.seeded(seed, other=other):
            ys.append(solution.dropout(x, 0.4, True))
        if solution.reseeded:
            raise Mistake("reseeds", got="torch.initial_seed() changed")
    if torch.equal(ys[0], ys[1]) and not torch.equal(ys[0], ys[2]):
        with solution.seeded(9):
            solution.dropout(x, 0.4, False)
        expect(not solution.reseeded, "in eval the generator is reseeded", "eval 时重设了生成器的种子")
        return
    expect_no_memory(solution, x)
    raise Mistake("other_generator", got="torch.manual_seed does not decide the mask")


def expect_no_memory(solution, x):
    """Masks of one seed that differ as independent ones do come from another source; otherwise calls remember each other."""
    masks = []
    for other in range(4):
        with solution.seeded(7, other=other):
            masks.append(forward(solution, x, 0.4) != 0)
    for a, b in itertools.combinations(masks, 2):
        differ = int((a != b).sum())
        expect(
            statistics.rate_holds(differ, x.numel(), 2 * 0.4 * 0.6),
            "at the same seed the mask depends on the calls before",
            "种子相同时，掩码还取决于之前的调用",
            got=f"{differ / x.numel():.3f} differ",
            expected="0",
        )


def test_gradient(solution):
    """dL/dx is mask/(1-p) times the upstream gradient, with this call's own mask.

    Also when another call comes before backward; and a zero of x has a gradient like any other, so that among zeros
    gradients are missing at rate p.
    """
    for p in (0.3, 0.8):
        x, g = signed(40, 50).requires_grad_(), signed(40, 50)
        y = solution.dropout(x, p, True)
        if not y.requires_grad:
            raise Mistake("no_gradient", got="requires_grad=False", expected="requires_grad=True")
        alive = y.detach() != 0
        expect(
            statistics.rate_holds(int(alive.sum()), x.numel(), 1 - p),
            "the drop rate is off where x needs a gradient",
            "x 需要梯度时丢弃率不对",
            got=f"{float((~alive).float().mean()):.3f}",
            expected=f"{p}",
        )
        (y * g).sum().backward()
        expect(x.grad is not None, "x has no gradient", "x 没有梯度")
        if same(x.grad, g).all():
            raise Mistake("straight_through", p=p, got="grad = upstream", expected="mask/(1-p) times it")
        if same(x.grad, torch.where(alive, g, 0)).all():
            raise Mistake("gradient_unscaled", p=p, got="grad/g = 1 where kept", expected=f"{1 / (1 - p):.4g}")
        expect_equal(x.grad, torch.where(alive, g / (1 - p), 0), rtol=NEAR)
    p = 0.3
    x, g = signed(40, 50).requires_grad_(), signed(40, 50)
    y = forward(solution, x, p)
    forward(solution, signed(40, 50).requires_grad_(), p)
    (y * g).sum().backward()
    alive = y.detach() != 0
    wrong = int(((x.grad != 0) != alive).sum())
    if wrong and statistics.rate_holds(wrong, x.numel(), 2 * p * (1 - p)):
        raise Mistake("mask_of_latest_call", wrong=wrong, total=x.numel())
    expect_equal(x.grad, torch.where(alive, g / (1 - p), 0), rtol=NEAR)
    x = torch.where(torch.arange(2000).reshape(40, 50) % 2 == 0, 0.0, signed(40, 50)).requires_grad_()
    (forward(solution, x, p) * g).sum().backward()
    none = int((x.grad[x.detach() == 0] == 0).sum())
    if none == 1000 and statistics.rate_holds(kept_ones(solution), 1600, 0.6):
        raise Mistake("zeros_without_gradient", got="0 for each zero of x", expected="g/(1-p) for about 70%")
    expect(
        statistics.rate_holds(none, 1000, p) and bool(((x.grad == 0) | same(x.grad, g / (1 - p))).all()),
        "where x is 0 the gradient is not right",
        "x 为 0 处的梯度不对",
        got=f"{none} of 1000 are 0",
        expected="≈ 300",
    )


def test_dtypes(solution):
    """float16, bfloat16, float32 and float64 come back as they went in, training or not, with the right values."""
    for dtype, tol in HALF.items():
        p, x = 0.3, signed(30, 40, dtype=dtype)
        y = forward(solution, x, p)
        evaluated = expect_tensor(solution.dropout(x, p, False), shape=x.shape)
        for p_, value in ((p, y), (p, evaluated), (0.0, forward(solution, x, 0.0)), (1.0, forward(solution, x, 1.0))):
            if dtype in (torch.float16, torch.bfloat16) and value.dtype is torch.float32:
                went = str(dtype).removeprefix("torch.")
                raise Mistake("promoted", went=went, p=p_, got="float32", expected=went)
            expect_tensor(value, dtype=dtype)
        expect_equal(evaluated, x)
        wide = x + x * torch.rand(30, 40, dtype=dtype) / 16  # all the digits of float64
        expect_equal(solution.dropout(wide, p, False), wide)
        alive = y != 0
        expect_equal(y.double(), torch.where(alive, x.double() / (1 - p), 0), rtol=tol)
        expect(
            statistics.rate_holds(int(alive.sum()), x.numel(), 1 - p),
            "the drop rate is off in this dtype",
            "该 dtype 下的丢弃率不对",
            got=f"{float((~alive).float().mean()):.3f}",
            expected=f"{p}",
        )


def test_shapes(solution):
    """0-d, empty, one element, 1-d, 4-d, 6-d and non-contiguous inputs, in training and in eval."""
    p = 0.4
    for shape in ((1,), (), (0,), (3, 0, 2), (9,), (2, 3, 4, 5), (1, 1, 1), (2, 1, 3, 1, 2, 2)):
        x = signed(*shape)
        for training in (True, False):
            try:
                y = solution.dropout(x, p, training)
            except ForbiddenCall:
                raise
            except SubmissionError as error:
                if shape == ():  # the one element of shape (1,) went well before
                    raise Mistake("zero_d_refused", got=str(error), expected="a 0-d tensor") from None
                raise
            expect_tensor(y, shape=shape, dtype=x.dtype)
            right = (y == 0) | same(y, x / (1 - p)) if training else y == x
            expect(bool(right.all()), f"wrong values for an input of shape {shape}", f"形状为 {shape} 的输入结果不对")
    scalars = int(solution.build(HELPER).masks(torch.tensor(1.5), p, 60).sum())  # all alike: 0.6^60 + 0.4^60 < 1e-13
    expect(
        0 < scalars < 60,
        "a 0-d input is never dropped, or always",
        "0-d 输入总是保留或总是丢弃",
        got=f"{scalars} / 60",
        expected="≈ 36 / 60",
    )
    for x in (signed(30, 20).t(), signed(40, 30)[::2, 5:25], signed(1, 40).expand(25, 40)):
        y = forward(solution, x, p)
        alive = y != 0
        expect_equal(y, torch.where(alive, x / (1 - p), 0), rtol=NEAR)
        expect(
            statistics.rate_holds(int(alive.sum()), x.numel(), 1 - p),
            "wrong drop rate for a non-contiguous input",
            "非连续输入的丢弃率不对",
        )
        expect_equal(solution.dropout(x, p, False), x)


def test_input_untouched(solution):
    """x holds the same bits after the call, whatever p and the mode, and under no_grad."""
    for p, training, grad in ((0.5, True, True), (1.0, True, True), (0.0, True, True), (0.5, False, True),
                              (1.0, False, True), (0.5, True, False), (0.5, False, False)):  # fmt: skip
        with torch.set_grad_enabled(grad):
            solution.dropout(signed(12, 15), p, training)
        if solution.changed:
            raise Mistake("changes_the_input", p=p)


def test_device(solution):
    """The mask is made where x lives: seen with a tensor that poses as living on another device."""
    for p, training in ((0.5, True), (1.0, True), (0.5, False)):
        if solution.device_of("dropout", signed(11, 17), p, training) in ("mixed", "here"):
            raise Mistake("mask_on_cpu", got="a CPU mask met x on another device")
