"""Checks for the mended `dropout(x, p=0.5, training=True)`: the contract of the kata `dropout`.

Each statistical test spends at most ALPHA = 1e-11 of false alarm; the suite has fewer than ninety of them, so a right
answer is turned away with probability below 1e-9 a run. About 270,000 coins are drawn in all, so that a plain Python
loop is judged within its twenty seconds. Inputs have both signs, no zeros and no repeated value. Values are exact up to
the order of a product and a division: 1e-5 in float32.
"""

import itertools
from functools import partial

import torch

from interview.grading.checks import masks as coins
from interview.grading.checks import statistics
from interview.grading.checks.expect import Mask, Mistake, Unseen, Words, expect, expect_equal, expect_tensor, refuses
from interview.grading.checks.masks import (
    TINY,
    expect_binomial,
    expect_blind,
    expect_calls_independent,
    expect_even_rates,
    expect_gradient_elsewhere,
    expect_independent,
    expect_new_masks,
    expect_no_memory,
    expect_no_repeats,
    expect_own_coins,
    expect_rate,
    extreme_off,
    kept_ones,
    rate_found,
    signed,
    stray_groups,
)
from interview.grading.checks.solution import ForbiddenCall, SubmissionError, shape_of

NEAR = 1e-5
HALF = {torch.float16: 1e-2, torch.bfloat16: 4e-2, torch.float32: NEAR, torch.float64: 1e-6}
NAN = float("nan")
BEYOND = (-1e-6, 1.000001, float("inf"), -float("inf"))
QUARTER = Words("about a quarter of x dropped", "x 约四分之一被丢弃")
ALL_ZEROS = Words("all zeros", "全零")
CPU_MASK = Words("a CPU mask met x on another device", "CPU 上的掩码遇到了另一个 device 上的 x")

HELPER = coins.helper("submission.dropout(x, p, True)")


same = partial(coins.same, tol=NEAR)


def forward(solution, x, p):
    return expect_tensor(solution.dropout(x, p, True), shape=x.shape)


def kept(solution, p, *shape):
    """Which elements of a signed input survive one call in training."""
    return forward(solution, signed(*shape), p) != 0


def many_masks(solution, x, p, times):
    return coins.many_masks(solution, HELPER, f"dropout(x, p={p}, training=True)", x, p, times)


def several(solution, x, p, count):
    shown = f"dropout(x, p={p}, training=True) × {count}    x: {shape_of(x)}"
    return coins.told(solution, HELPER, shown, "several", x, p, count)


def drops(solution, x, p):
    """Is a share of about p missing in eval?"""
    zeros = int((expect_tensor(solution.dropout(x, p, False), shape=x.shape) == 0).sum())
    return zeros > 0 and statistics.rate_holds(zeros, x.numel(), p)


def test_from_scratch(solution):
    """No ready-made dropout is called, in training or in eval, whether or not its refusal is caught."""
    seen = False
    for training in (True, False):
        try:
            solution.dropout(signed(3, 4), 0.3, training)
            seen = True
        except SubmissionError as error:
            if isinstance(error, ForbiddenCall) or solution.forbidden:
                raise Mistake("ready_made", name=solution.forbidden[0]) from None
        if solution.forbidden:
            raise Mistake("ready_made", name=solution.forbidden[0])
    if not seen:
        raise Unseen


def test_runs_here(solution):
    """It runs where there is no GPU: nothing is sent to a device by its name."""
    seen = False
    for training in (True, False):
        try:
            solution.dropout(signed(3, 4), 0.3, training)
            seen = True
        except ForbiddenCall:
            raise
        except SubmissionError as error:
            if "cuda" in error.text.lower():
                expected = Words("the device of x", "x 所在的 device")
                raise Mistake("cuda_by_name", got=str(error), expected=expected) from None
    if not seen:
        raise Unseen


def test_range_of_p(solution):
    """p in [0, 1] is accepted, its ends included; anything else is refused, NaN and infinity too, in training and in eval."""
    x, calls = signed(4, 5), {}

    def turned_away(p, training):
        away = refuses(solution.dropout, x, p, training)
        calls[p, training] = solution.call
        return away

    refused = {
        p: training for p, training in itertools.product((0.3, 0.0, 1.0), (False, True)) if turned_away(p, training)
    }
    if refused:
        first = next(iter(refused))
        solution.call = calls[first, refused[first]]
        if 0.3 in refused and 1.0 not in refused:
            got = Words("p=0.3 rejected, p=1 accepted", "p=0.3 被拒绝，p=1 通过")
            raise Mistake("only_one_accepted", got=got, expected="0 <= p <= 1")
        if 0.3 not in refused:
            raise Mistake("ends_refused", refused=", ".join(f"p={each:g}" for each in refused))
        expect(False, f"p={first} was rejected", f"p={first} 被拒绝")
    outside = (-0.1, 1.1, -3.0, 2.0)
    accepted = {training: [p for p in outside if not turned_away(p, training)] for training in (True, False)}
    nan = {training: not turned_away(NAN, training) for training in (True, False)}
    every = list(outside)
    if accepted == {True: every, False: every} and nan[True] and nan[False]:
        ignored = all(torch.equal(forward(solution, x, p), x) for p in (*outside, NAN))
        solution.call = calls[outside[0], True]
        if ignored:
            raise Mistake("wrong_p_ignored", p=outside[0], got="x", expected="ValueError")
        raise Mistake("no_range_check", p=outside[0])
    if nan[True] and nan[False] and not accepted[True] and not accepted[False]:
        solution.call = calls[NAN, True]
        raise Mistake("nan_accepted")
    if not accepted[True] and not nan[True] and accepted[False] == every and nan[False]:
        solution.call = calls[outside[0], False]
        raise Mistake("checked_in_training_only", p=outside[0])
    for training in (True, False):
        for p in [*accepted[training], *([NAN] if nan[training] else [])]:
            solution.call = calls[p, training]
            expect(False, f"p = {p} was accepted", f"p = {p} 没有报错", expected="ValueError")
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
    expect_tensor(solution.dropout(x, 0.25), shape=x.shape, dtype=x.dtype)
    expect_tensor(solution.dropout(x=x, p=0.25, training=True), shape=x.shape, dtype=x.dtype)
    if torch.equal(solution.dropout(x, 0.25, True), x):
        expect_none_with_gradient(solution, x)
        raise Mistake("never_drops", got="dropout(x, 0.25, True) == x", expected=QUARTER)
    y = expect_tensor(solution.dropout(x), shape=x.shape, dtype=x.dtype)
    if torch.equal(y, x):
        raise Mistake("eval_by_default", got="dropout(x) == x")
    share = float((y == 0).float().mean())
    expect(
        statistics.rate_holds(int((y == 0).sum()), y.numel(), 0.5),
        f"dropout(x) drops {share:.1%}, not 50%",
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
        got=Words("the output is x", "输出就是 x"),
        expected=QUARTER,
    )


def test_eval(solution):
    """In eval the output is x, bit by bit, each time and for every p, and the gradient is one.

    The untouched rest of the file is recognised by two more of its faults.
    """
    for p in (0.3, 0.8, 0.0, 1.0):
        x = signed(24, 31)
        y = expect_tensor(solution.dropout(x, p, False), shape=x.shape)
        call = solution.call
        if p == 0.3 and drops(solution, x, 0.3) and drops(solution, x, 0.8):
            half = solution.dropout(x.half(), p, True)
            one = solution.dropout(x.clone().requires_grad_(), 1.0, True)
            solution.call = call
            if half.dtype is torch.float32 and not one.requires_grad:
                raise Mistake("range_only", p=p, came="float32")
            got = Words("zeros", "出现了零")
            raise Mistake("drops_in_eval", p=p, share=float((y == 0).float().mean()), got=got, expected="x")
        solution.call = call
        if p == 1.0 and (y == 0).all():
            raise Mistake("zeros_in_eval_at_one", got=ALL_ZEROS, expected="x")
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
    expect(x.grad is not None, "x has no gradient", "x 没有梯度", got=Words("x.grad is None", "x.grad 为 None"))
    return x.grad


def test_p_zero(solution):
    """p = 0 keeps every value, and the gradient is one."""
    x = signed(13, 17).requires_grad_()
    y = expect_tensor(solution.dropout(x, 0.0, True), shape=x.shape)
    if (y == 0).all():
        raise Mistake("zeros_at_zero", got=ALL_ZEROS, expected="x")
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
        call = solution.call
        flows = forward(solution, signed(13, 17).requires_grad_(), 0.3).requires_grad
        solution.call = call
        expect(
            flows,
            "no gradient flows at p = 1, and none at p = 0.3",
            "p = 1 时没有梯度，p = 0.3 时也没有",
            got="requires_grad=False",
            expected="requires_grad=True",
        )
        raise Mistake("detached_at_one", got="requires_grad=False", expected="requires_grad=True")
    y.sum().backward()
    if x.grad is None:
        raise Mistake("leaf_at_one", got=Words("x.grad is None", "x.grad 为 None"), expected=ALL_ZEROS)
    if x.grad.isnan().any():
        raise Mistake("nan_gradient_at_one", got="nan", expected="0")
    expect_equal(x.grad.abs(), torch.zeros_like(x))


def test_survivors(solution):
    """Each element is 0 or x/(1-p). A wrong scale is named if it holds at p = 0.3 and at 0.8."""
    seen, calls = {}, {}
    for p in (0.3, 0.8, 0.1, 0.97):  # 2,000 coins at 0.97: none survives with probability 0.97^2000 < 1e-26
        x = signed(40, 50)
        y = forward(solution, x, p)
        seen[p] = x, y, y != 0
        calls[p] = solution.call
        expect((y != 0).any(), f"nothing survives at p = {p}", f"p = {p} 时没有任何元素保留", got=ALL_ZEROS)

    def explained(scale):
        return all(same(y, x * scale(p, alive))[alive].all() for p, (x, y, alive) in seen.items() if p in (0.3, 0.8))

    solution.call = calls[0.3]
    x, y, alive = seen[0.3]
    said = {"p": 0.3, "got": f"y/x = {float((y / x)[alive].median()):.4g}", "expected": f"y/x = {1 / 0.7:.4g}"}
    whole = any(alive.all() for p, (x, y, alive) in seen.items() if p in (0.3, 0.8))  # nothing is dropped
    if not whole and explained(lambda p, alive: 1.0):
        raise Mistake("scale_missing", mean=float(alive.float().mean()), **said)
    if explained(lambda p, alive: 1 / p) and statistics.rate_holds(int(alive.sum()), alive.numel(), 0.7):
        raise Mistake("scale_one_over_p", ratio=1 / 0.3, **said)
    if explained(lambda p, alive: 1 / (1 - p) ** 2):
        raise Mistake("scaled_twice", ratio=1 / 0.49, **said)
    if (
        not whole
        and explained(lambda p, alive: alive.numel() / alive.sum())
        and not explained(lambda p, alive: 1 / (1 - p))
    ):
        raise Mistake("renormalised", ratio=float(alive.numel() / alive.sum()), **said)
    solution.call = calls[0.97]
    x, y, alive = seen[0.97]
    ratio = float((y / x)[alive].median())
    if explained(lambda p, alive: 1 / (1 - p)) and same(y, x * ratio)[alive].all() and ratio < 33:
        raise Mistake("scale_capped", p=0.97, ratio=ratio, got=f"y/x = {ratio:.4g}", expected=f"y/x = {1 / 0.03:.4g}")
    for p, (x, y, alive) in seen.items():
        solution.call = calls[p]
        expect_equal(torch.where(alive, y, 0), torch.where(alive, x / (1 - p), 0), rtol=NEAR)


def test_rate(solution):
    """The share of zeros is p. Chernoff's bound: with 20,000 coins a rate off by 0.04 is missed below 1e-6.

    At p = 0.004 a p rounded to hundredths drops nothing; 20,000 coins all kept have probability e^-80.
    """
    counts, masks, calls = {}, {}, {}
    for p in (0.3, 0.1, 0.8, 0.004):
        masks[p] = kept(solution, p, 100, 200)
        calls[p] = solution.call
        counts[p] = int((~masks[p]).sum()), 20_000
    off = [p for p, (zeros, n) in counts.items() if not statistics.rate_holds(zeros, n, p)]
    if not off:
        for p, mask in masks.items():
            solution.call = calls[p]
            expect_even_rates(mask, p)
        return
    solution.call = calls[0.3]
    if all(statistics.rate_holds(n - zeros, n, p) for p, (zeros, n) in counts.items()):
        raise Mistake("p_is_keep", p=0.3, share=counts[0.3][0] / counts[0.3][1], **rate_found(*counts[0.3], 0.3))
    if all(statistics.rate_holds(zeros, n, statistics.normal_cdf(p)) for p, (zeros, n) in counts.items()):
        raise Mistake("normal_draws", p=0.3, share=counts[0.3][0] / counts[0.3][1], **rate_found(*counts[0.3], 0.3))
    p = off[0]
    if p == 0.004 and not any((~kept(solution, p, 100, 200)).any() for _ in range(40)):  # nor is a mask shared by rows
        solution.call = calls[p]
        raise Mistake("p_rounded", p=p, n=20_000, mean=80, **rate_found(*counts[p], p))
    solution.call = calls[p]
    expect_rate(*counts[p], p)


def test_extreme_p(solution):
    """p next to 0 or 1 counts, in half precision too, where a coin has few bits; see `extreme_off`."""

    def expect_values(x, y, p):
        expect_equal(y.double(), torch.where(y == 0, 0, x.double() / (1 - p)), rtol=HALF[x.dtype])

    off = extreme_off(solution, partial(forward, solution), expect_values)
    if not off:
        return
    found = rate_found(off.zeros, off.n, off.p)
    if off.p == TINY and off.zeros == off.again == 0 and larger_are_right(solution):
        raise Mistake("p_rounded", p=off.p, n=off.n, mean=off.n * off.p, **found)
    raise off.wrong()


def larger_are_right(solution):
    """At p = 0.4 each element has its coin, and the rate holds in each of eight calls."""
    call = solution.call
    masks = [kept(solution, 0.4, 100, 100) for _ in range(8)]
    solution.call = call
    right = all(statistics.rate_holds(int(each.sum()), 10_000, 0.6) for each in masks)
    return right and coins.independent(solution, partial(forward, solution))


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
        raise Mistake("shared_over_batch", picture=Mask.of(mask, p))
    if mixed and bool((mask == mask[:, :1]).all()):
        raise Mistake("shared_over_features", picture=Mask.of(mask, p))
    expect_independent(mask, p)
    expect_own_coins(partial(forward, solution))
    expect_no_repeats(kept(solution, p, 100, 200).flatten(), p)


def test_blind_to_x(solution):
    """The mask does not look at x: small, large, positive and negative values are dropped alike.

    The rate within a group is Chernoff-tested; the mistake is told when the same group strays in each of two calls.
    """
    p = 0.3
    x = signed(100, 120)
    looks = expect_blind(lambda: stray_groups(x, forward(solution, x, p) != 0, p), p)
    if looks:
        raise Mistake("looks_at_the_data", **looks)


def test_fresh_mask(solution):
    """Each call draws anew: every pair of four calls differs at rate 2p(1-p), each made where the last one left off.

    A mask that is always the same, one that goes with the seed alone (the generator is put back after the draw) and a
    generator that is seeded inside are told apart by a second run from another seed.
    Then 200 small masks, see `expect_new_masks`. They are drawn under no_grad, for a mask kept there is as stale.
    """
    p, x = 0.3, signed(40, 50)
    masks = [expect_tensor(y, shape=x.shape) != 0 for y in several(solution, x, p, 4)]
    reseeded, call = solution.reseeded, solution.call
    others = [y != 0 for y in several(solution, x, p, 2)]
    solution.call = call
    mixed = bool(masks[0].any()) and not bool(masks[0].all())
    if mixed and any(torch.equal(a, b) for a, b in itertools.combinations(masks, 2)):
        said = {
            "got": Words("two calls, one mask", "两次调用，同一个掩码"),
            "picture": Mask(*(Mask.of(each, p).yours for each in masks[:2])),
        }
        if reseeded:
            raise Mistake("reseeds", **said)
        if all(torch.equal(masks[0], each) for each in masks):
            if torch.equal(masks[0], others[0]):
                raise Mistake("same_mask_again", **said)
            raise Mistake("generator_put_back", **said)
    expect_calls_independent([*masks, *others], p)
    with torch.no_grad():
        small = many_masks(solution, signed(1, 60), 0.5, 200).reshape(200, 60)
    solution.call = f"with torch.no_grad(): {solution.call}"
    expect_new_masks(small)


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
        raise Mistake("exact_count", kept=counts[0], n=n, calls=calls)
    rows = kept(solution, p, 250, 48).sum(1).tolist()
    call = solution.call
    expect(len(set(rows)) > 1, f"every row keeps exactly {rows[0]} of 48", f"每一行都恰好保留 48 个中的 {rows[0]} 个")
    two = many_masks(solution, signed(2), 0.8, 90)  # 1-d
    if two.any(1).all():  # a right answer: 0.36^90 < 1e-39; and no element is kept for good
        expect(not two.all(0).any(), "one of two elements is never dropped", "两个元素中有一个从不被丢弃")
        expected = Words("both in 64 of 100 calls", "100 次调用中 64 次同时丢弃")
        raise Mistake("keeps_at_least_one", p=0.8, calls=90, expected=expected)
    expect(  # alike in each call: 0.68^90 < 1e-15
        (two[:, 0] != two[:, 1]).any(), "the elements of a 1-d input share a coin", "1 维输入的各元素共用同一次抽样"
    )
    solution.call = call
    expect_binomial(rows, n, p)


def test_generator(solution):
    """The coins come from torch's global generator: its seed alone decides them, and it is not reseeded."""
    x = signed(30, 40)
    ys = []
    for seed, other in ((7, 1), (7, 2), (8, 1)):
        with solution.seeded(seed, other=other):
            ys.append(solution.dropout(x, 0.4, True))
        if solution.reseeded:
            raise Mistake(
                "reseeds", got=Words("the generator has left the stream of its seed", "生成器离开了原种子的随机序列")
            )
    if torch.equal(ys[0], ys[1]) and not torch.equal(ys[0], ys[2]):
        with solution.seeded(9):
            solution.dropout(x, 0.4, False)
        expect(not solution.reseeded, "in eval the generator is reseeded", "eval 时重设了生成器的种子")
        return
    expect_no_memory(solution, partial(forward, solution), x)
    raise Mistake("other_generator")


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
            got = Words("grad = upstream", "grad 等于上游梯度")
            expected = Words("mask/(1-p) times it", "上游梯度乘以 mask/(1-p)")
            raise Mistake("straight_through", p=p, got=got, expected=expected)
        if same(x.grad, torch.where(alive, g, 0)).all():
            got = Words("grad/g = 1 where kept", "保留处 grad/g = 1")
            raise Mistake("gradient_unscaled", p=p, got=got, expected=f"{1 / (1 - p):.4g}")
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
    call = solution.call
    if none == 1000 and statistics.rate_holds(kept_ones(partial(forward, solution)), 1600, 0.6):
        solution.call = call
        raise Mistake(
            "zeros_without_gradient",
            got=Words("0 for each zero of x", "x 为 0 处全是 0"),
            expected=Words("g/(1-p) for about 70%", "约 70% 为 g/(1-p)"),
        )
    solution.call = call
    expect(
        statistics.rate_holds(none, 1000, p) and bool(((x.grad == 0) | same(x.grad, g / (1 - p))).all()),
        "where x is 0 the gradient is not right",
        "x 为 0 处的梯度不对",
        got=Words(f"{none} of 1000 are 0", f"1000 个中 {none} 个为 0"),
        expected="≈ 300",
    )
    loud, quiet = "lambda h: submission.dropout(h, p, True)", "lambda h: submission.dropout(h, p, False)"
    expect_gradient_elsewhere(solution, "dropout", 0.3, loud=loud, quiet=quiet, scale=1 / 0.7, tol=NEAR)


def test_dtypes(solution):
    """float16, bfloat16, float32 and float64 come back as they went in, training or not, with the right values; and a
    gradient flows in each.
    """
    for dtype, tol in HALF.items():
        p, x, g = 0.3, signed(30, 40, dtype=dtype), signed(30, 40, dtype=dtype)
        if dtype is torch.bfloat16:
            x[:10] *= 2.0**40  # float16 has no such values
        leaf = x.clone().requires_grad_()
        y, call = forward(solution, leaf, p), solution.call
        expect_dtype(y, dtype, p)
        evaluated = expect_tensor(solution.dropout(x, p, False), shape=x.shape)
        evaluated_call = solution.call
        expect_dtype(evaluated, dtype, p)
        for end in (0.0, 1.0):
            expect_dtype(forward(solution, x, end), dtype, end)
        solution.call = evaluated_call
        expect_equal(evaluated, x)
        wide = x + x * torch.rand(30, 40, dtype=dtype) / 16  # all the digits of float64
        expect_equal(solution.dropout(wide, p, False), wide)
        solution.call, alive = call, y.detach() != 0
        if not y.requires_grad:
            raise Mistake("no_gradient", got="requires_grad=False", expected="requires_grad=True")
        (y * g).sum().backward()
        expect_equal(
            expect_tensor(leaf.grad, shape=x.shape).double(), torch.where(alive, g.double() / (1 - p), 0), rtol=tol
        )
        solution.call = call
        expect_equal(y.detach().double(), torch.where(alive, x.double() / (1 - p), 0), rtol=tol)
        expect(
            statistics.rate_holds(int(alive.sum()), x.numel(), 1 - p),
            "the drop rate is off in this dtype",
            "该 dtype 下的丢弃率不对",
            got=f"{float((~alive).float().mean()):.3f}",
            expected=f"{p}",
        )


def expect_dtype(value, dtype, p):
    if dtype in (torch.float16, torch.bfloat16) and value.dtype is torch.float32:
        went = str(dtype).removeprefix("torch.")
        raise Mistake("promoted", went=went, p=p, got="float32", expected=went)
    expect_tensor(value, dtype=dtype)


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
                    raise Mistake(
                        "zero_d_refused", got=str(error), expected=Words("a 0-d tensor", "0-d tensor")
                    ) from None
                raise
            expect_tensor(y, shape=shape, dtype=x.dtype)
            right = (y == 0) | same(y, x / (1 - p)) if training else y == x
            expect(bool(right.all()), f"wrong values for an input of shape {shape}", f"形状为 {shape} 的输入结果不对")
    scalars = int(many_masks(solution, torch.tensor(1.5), p, 60).sum())  # all alike: 0.6^60 + 0.4^60 < 1e-13
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
    """x holds the same bits after the call, whatever p, the mode and the dtype, and under no_grad."""
    f32 = torch.float32
    for p, training, grad, dtype in (
        (0.5, True, True, f32), (1.0, True, True, f32), (0.0, True, True, f32), (0.5, False, True, f32),
        (1.0, False, True, f32), (0.5, False, False, f32), *((0.5, True, False, each) for each in HALF),
    ):  # fmt: skip
        with torch.set_grad_enabled(grad):
            solution.dropout(signed(12, 15, dtype=dtype), p, training)
        if solution.changed:
            raise Mistake("changes_the_input", p=p)


def test_device(solution):
    """The mask is made where x lives: seen with a tensor that poses as living on another device."""
    for p, training in ((0.5, True), (1.0, True), (0.0, True), (0.5, False)):
        if solution.device_of("dropout", signed(11, 17), p, training) in ("mixed", "here"):
            raise Mistake("mask_on_cpu", got=CPU_MASK)
