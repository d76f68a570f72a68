"""Checks for `vanilla_train(x, p)`, `vanilla_eval(x, p)` and `fold_into_next(weight, bias, p)`.

Each statistical test spends at most ALPHA = 1e-11 of false alarm; the suite has fewer than ninety of them, so a right
answer is turned away with probability below 1e-9 a run. About 270,000 coins are drawn in all, so that a plain Python
loop is judged within its twenty seconds. Inputs have both signs, no zeros and no repeated value; p is rarely one half,
where keep and drop, p and 1-p coincide. What is exact in mathematics is compared at 1e-5 in float32: `x - p*x` loses
a few ulp to `x * (1-p)`, and both are right; a wrong formula is off by a tenth at the least.
"""

import itertools
from functools import partial

import torch

from interview.grading.checks import masks as coins
from interview.grading.checks import statistics
from interview.grading.checks.expect import (
    Mask,
    Mistake,
    Unseen,
    Words,
    expect,
    expect_equal,
    expect_raises,
    expect_tensor,
    refuses,
)
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

HELPER = coins.helper("submission.vanilla_train(x, p)")


same = partial(coins.same, tol=NEAR)


def forward(solution, x, p):
    return expect_tensor(solution.vanilla_train(x, p), shape=x.shape)


def kept(solution, p, *shape):
    """Which elements of a signed input survive one call in training."""
    return forward(solution, signed(*shape), p) != 0


def many_masks(solution, x, p, times):
    return coins.many_masks(solution, HELPER, f"vanilla_train(x, p={p})", x, p, times)


def several(solution, x, p, count):
    shown = f"vanilla_train(x, p={p}) × {count}    x: {shape_of(x)}"
    return coins.told(solution, HELPER, shown, "several", x, p, count)


def gradient_of(x):
    expect(x.grad is not None, "x has no gradient", "x 没有梯度", got=Words("x.grad is None", "x.grad 为 None"))
    return x.grad


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


def test_from_scratch(solution):
    """No ready-made dropout is called by any of the three, whether or not its refusal is caught."""
    x, seen = signed(3, 4), False
    for call in (lambda: solution.vanilla_train(x, 0.3), lambda: solution.vanilla_eval(x, 0.3),
                 lambda: solution.fold_into_next(x, signed(3), 0.3)):  # fmt: skip
        try:
            call()
            seen = True
        except Exception as error:
            if isinstance(error, ForbiddenCall) or solution.forbidden:
                raise Mistake("ready_made", name=solution.forbidden[0]) from None
        if solution.forbidden:
            raise Mistake("ready_made", name=solution.forbidden[0])
    if not seen:
        raise Unseen


def test_interface(solution):
    """Positional and keyword arguments; tensors of the input's shape and dtype, a pair of them from the fold.

    400 coins at p = 1/4 are all kept with probability 0.75^400 < 1e-49.
    """
    x, p = signed(20, 20), 0.25
    expect_tensor(solution.vanilla_train(x=x, p=p), shape=x.shape, dtype=x.dtype)
    expect_tensor(solution.vanilla_eval(x=x, p=p), shape=x.shape, dtype=x.dtype)
    expect_tensor(solution.vanilla_eval(x, p), shape=x.shape, dtype=x.dtype)
    y = expect_tensor(solution.vanilla_train(x, p), shape=x.shape, dtype=x.dtype)
    if same(y, x * (1 - p)).all():
        z = solution.vanilla_eval(x, p)
        if (z == 0).any() and same(z, x)[z != 0].all():
            raise Mistake("swapped")
    if torch.equal(y, x):
        expect_none_with_gradient(solution, x)
        raise Mistake("never_drops", got="vanilla_train(x, 0.25) == x", expected=QUARTER)
    weight, bias = signed(5, 7), signed(5)
    expect_pair(solution.fold_into_next(weight, bias, p), weight, bias)
    expect_pair(solution.fold_into_next(weight=weight, bias=bias, p=p), weight, bias)


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


def test_range_of_p(solution):
    """p in [0, 1] is accepted, its ends included; anything else is refused, NaN and infinity too, by all three functions."""
    x, bias = signed(4, 5), signed(4)
    calls = {
        "vanilla_train": lambda p: solution.vanilla_train(x, p),
        "vanilla_eval": lambda p: solution.vanilla_eval(x, p),
        "fold_into_next": lambda p: solution.fold_into_next(x, bias, p),
    }
    shown = {}

    def turned_away(name, p):
        away = refuses(calls[name], p)
        shown[name, p] = solution.call
        return away

    for name, p in itertools.product(calls, (0.3, 0.0, 1.0)):
        if turned_away(name, p):
            end = p in (0.0, 1.0) and not turned_away(name, 0.3)
            solution.call = shown[name, p]
            if end:
                raise Mistake("ends_refused", p=p, name=name)
            expect(False, f"{name} rejects p = {p}", f"{name} 拒绝了 p = {p}")
    outside = (-0.1, 1.1, -3.0, 2.0)
    accepted = {name: [p for p in outside if not turned_away(name, p)] for name in calls}
    nan = {name: not turned_away(name, NAN) for name in calls}
    solution.call = shown["vanilla_train", outside[0]]
    if all(len(each) == len(outside) for each in accepted.values()) and all(nan.values()):
        raise Mistake("no_range_check", p=outside[0])
    if not any(accepted.values()) and all(nan.values()):
        solution.call = shown["vanilla_train", NAN]
        raise Mistake("nan_accepted")
    careless = [name for name in calls if len(accepted[name]) == len(outside) and nan[name]]
    if careless and not any(accepted[name] or nan[name] for name in calls if name not in careless):
        solution.call = shown[careless[0], outside[0]]
        raise Mistake("range_not_checked_everywhere", names=", ".join(careless), p=outside[0])
    for call, p in itertools.product(calls.values(), (*outside, NAN)):
        expect_raises((ValueError, AssertionError), call, p)
    for call, p in itertools.product(calls.values(), BEYOND):
        expect_raises((ValueError, AssertionError), call, p)
    for call in (solution.vanilla_train, solution.vanilla_eval):
        expect_raises((ValueError, AssertionError), call, signed(0, 3), 1.5)
    expect_raises((ValueError, AssertionError), solution.fold_into_next, x, None, 1.5)


def test_survivors(solution):
    """In training each element is 0 or x itself: nothing is scaled."""
    seen, calls = {}, {}
    for p in (0.3, 0.8, 0.1, 0.03):
        x = signed(40, 50)
        y = expect_tensor(solution.vanilla_train(x, p), shape=x.shape)
        seen[p] = (x, y, y != 0)
        calls[p] = solution.call
    wrong = {p for p, (x, y, alive) in seen.items() if not alive.any() or not same(y, x)[alive].all()}
    if {0.3, 0.8} <= wrong:
        solution.call = calls[0.3]
        name_the_scale(seen)
    for p, (x, y, alive) in seen.items():
        solution.call = calls[p]
        expect(alive.any(), "nothing survives", "没有任何元素保留", got=ALL_ZEROS)
        expect_equal(torch.where(alive, y, 0), torch.where(alive, x, 0), rtol=NEAR)


def name_the_scale(seen):
    """A known wrong scale, only if it explains every survivor at p = 0.3 and at p = 0.8."""

    def explained(scale):
        return all(same(seen[p][1], seen[p][0] * scale(p))[seen[p][2]].all() for p in (0.3, 0.8))

    if not all(seen[p][2].any() for p in (0.3, 0.8)):
        return
    if any(seen[p][2].all() for p in (0.3, 0.8)):
        return  # nothing is dropped
    x, y, alive = seen[0.3]
    said = {"p": 0.3, "got": f"y/x = {float((y / x)[alive].median()):.4g}", "expected": "y/x = 1"}
    if explained(lambda p: 1 / (1 - p)):
        raise Mistake("scaled_in_training", ratio=1 / 0.7, **said)
    if explained(lambda p: 1 - p):
        raise Mistake("eval_scale_in_training", ratio=0.7, **said)
    if all((seen[p][1][seen[p][2]] == 1).all() for p in (0.3, 0.8)):
        got, expected = Words("values 0 and 1", "取值 0 和 1"), Words("x times these", "x 乘以这些值")
        raise Mistake("returns_the_mask", got=got, expected=expected)


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
        expect_equal(y.double(), torch.where(y == 0, 0, x.double()), rtol=HALF[x.dtype])

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
    with solution.seeded(7, other=1):
        first = solution.vanilla_train(x, 0.4)
        reseeded = solution.reseeded
    if reseeded:
        raise Mistake(
            "reseeds", got=Words("the generator has left the stream of its seed", "生成器离开了原种子的随机序列")
        )
    with solution.seeded(7, other=2):
        second = solution.vanilla_train(x, 0.4)
    with solution.seeded(8, other=1):
        third = solution.vanilla_train(x, 0.4)
    if torch.equal(first, second) and not torch.equal(first, third):
        for call in (lambda: solution.vanilla_eval(x, 0.4), lambda: solution.fold_into_next(x, None, 0.4)):
            with solution.seeded(9):
                call()
            expect(
                not solution.reseeded,
                "the generator is reseeded where nothing is drawn, so the next masks repeat",
                "没有抽样的函数重设了生成器的种子，之后的掩码会重复",
            )
        return
    expect_no_memory(solution, partial(forward, solution), x)
    raise Mistake("other_generator")


def test_eval_scale(solution):
    """At eval the output is x·(1-p) for every p. A wrong formula is named if it holds at 0.3 and 0.8."""
    seen, calls = {}, {}
    for p in (0.3, 0.8, 0.1, 0.5, 0.0, 1.0, 0.037):
        x = signed(24, 31)
        y = expect_tensor(solution.vanilla_eval(x, p), shape=x.shape, dtype=x.dtype)
        seen[p] = (x, y)
        calls[p] = solution.call
    solution.call = calls[0.3]
    both = [(p, *seen[p]) for p in (0.3, 0.8)]
    x, y = seen[0.3]
    said = {"p": 0.3, "got": f"y/x = {float((y / x).median()):.4g}", "expected": "y/x = 0.7"}
    if all(torch.equal(y, x) for p, x, y in both):
        raise Mistake("eval_unscaled", **said)
    if all(same(y, x * p).all() for p, x, y in both):
        raise Mistake("eval_times_p", ratio=0.3, **said)
    if all(same(y, x / (1 - p)).all() for p, x, y in both):
        raise Mistake("eval_divided", ratio=1 / 0.7, **said)
    zeros = {p: int((y == 0).sum()) for p, x, y in both}
    if all(zeros[p] and statistics.rate_holds(zeros[p], y.numel(), p) for p, x, y in both):
        raise Mistake(
            "drops_in_eval", p=0.3, share=zeros[0.3] / x.numel(), got=Words("zeros", "出现了零"), expected="x * 0.7"
        )
    for p, (x, y) in seen.items():
        solution.call = calls[p]
        expect_equal(y, x * (1 - p), rtol=NEAR)
    with torch.no_grad():  # as eval is mostly run
        x = signed(24, 31)
        expect_equal(solution.vanilla_eval(x, 0.3), x * 0.7, rtol=NEAR)


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
    said = {"p": 0.3, "got": f"new/old = {float((folded / weight).median()):.4g}", "expected": "new/old = 0.7"}
    if all(torch.equal(new, old) for p, old, new in both):
        raise Mistake("fold_unscaled", **said)
    if all(same(new, old * p).all() for p, old, new in both):
        raise Mistake("fold_times_p", ratio=0.3, **said)
    if all(same(new, old / (1 - p)).all() for p, old, new in both):
        raise Mistake("fold_divided", ratio=1 / 0.7, **said)
    if all((new == 0).any() and statistics.rate_holds(int((new == 0).sum()), new.numel(), p) for p, old, new in both):
        raise Mistake("fold_drops", share=float((folded == 0).float().mean()), **said)
    for p, (old, new) in seen.items():
        solution.call = calls[p]
        expect_equal(new, old * (1 - p), rtol=NEAR)
    for weight in (signed(1, 6), signed(6, 1), signed(1, 1)):
        new = solution.fold_into_next(weight, None, 0.3)[0]
        if isinstance(new, torch.Tensor) and new.shape == weight.squeeze().shape:
            raise Mistake("weight_squeezed", got=f"{tuple(new.shape)}", expected=f"{tuple(weight.shape)}")
        expect_equal(new, weight * (1 - 0.3), rtol=NEAR)
    square = signed(9, 9)
    expect_equal(solution.fold_into_next(square.t(), None, 0.3)[0], square.t() * (1 - 0.3), rtol=NEAR)


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


def test_gradient(solution):
    """In training the gradient is the mask of this call times the upstream one, unscaled.

    Also when another call comes before backward; and a zero of x has a gradient like any other, so that among zeros
    gradients are missing at rate p.
    """
    for p in (0.3, 0.8):
        x, g = signed(40, 50).requires_grad_(), signed(40, 50)
        y = solution.vanilla_train(x, p)
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
        want = torch.where(alive, g, 0)
        if same(x.grad, want).all():
            continue
        ratio = f"grad/g = {float((x.grad / g)[alive].median()):.4g}"
        said = {"p": p, "got": Words(f"{ratio} where kept", f"保留处 {ratio}"), "expected": "1"}
        if same(x.grad, g).all():
            raise Mistake("straight_through", **said)
        if same(x.grad, want / (1 - p)).all():
            raise Mistake("gradient_scaled", ratio=1 / (1 - p), **said)
        expect_equal(x.grad, want, rtol=NEAR)
    p = 0.3
    x, g = signed(40, 50).requires_grad_(), signed(40, 50)
    y = forward(solution, x, p)
    forward(solution, signed(40, 50).requires_grad_(), p)
    (y * g).sum().backward()
    alive = y.detach() != 0
    wrong = int(((x.grad != 0) != alive).sum())
    if wrong and statistics.rate_holds(wrong, x.numel(), 2 * p * (1 - p)):
        raise Mistake("mask_of_latest_call", wrong=wrong, total=x.numel())
    expect_equal(x.grad, torch.where(alive, g, 0), rtol=NEAR)
    x = torch.where(torch.arange(2000).reshape(40, 50) % 2 == 0, 0.0, signed(40, 50)).requires_grad_()
    (forward(solution, x, p) * g).sum().backward()
    none = int((x.grad[x.detach() == 0] == 0).sum())
    call = solution.call
    if none == 1000 and statistics.rate_holds(kept_ones(partial(forward, solution)), 1600, 0.6):
        solution.call = call
        raise Mistake(
            "zeros_without_gradient",
            got=Words("0 for each zero of x", "x 为 0 处全是 0"),
            expected=Words("g for about 70%", "约 70% 为 g"),
        )
    solution.call = call
    expect(
        statistics.rate_holds(none, 1000, p) and bool(((x.grad == 0) | same(x.grad, g)).all()),
        "where x is 0 the gradient is not right",
        "x 为 0 处的梯度不对",
        got=Words(f"{none} of 1000 are 0", f"1000 个中 {none} 个为 0"),
        expected="≈ 300",
    )
    loud, quiet = "lambda h: submission.vanilla_train(h, p)", "lambda h: submission.vanilla_eval(h, p)"
    expect_gradient_elsewhere(solution, "vanilla_train", 0.3, loud=loud, quiet=quiet, scale=1.0, tol=NEAR)


def test_gradient_at_one(solution):
    """p = 1 gives zeros whose gradient exists and is zero; p = 0 keeps all, with gradient one."""
    x = signed(13, 17).requires_grad_()
    y = expect_tensor(solution.vanilla_train(x, 1.0), shape=x.shape, dtype=x.dtype)
    expect_equal(y.abs(), torch.zeros_like(x))
    if not y.requires_grad:
        raise Mistake("detached_at_one", got="requires_grad=False", expected="requires_grad=True")
    y.sum().backward()
    expect_equal(gradient_of(x).abs(), torch.zeros_like(x))
    x = signed(13, 17).requires_grad_()
    y = solution.vanilla_train(x, 0.0)
    expect_equal(y, x, rtol=NEAR)
    expect(
        y.requires_grad,
        "no gradient flows at p = 0",
        "p = 0 时没有梯度",
        got="requires_grad=False",
        expected="requires_grad=True",
    )
    y.sum().backward()
    expect_equal(x.grad, torch.ones_like(x), rtol=NEAR)


def test_eval_gradient(solution):
    """At eval the gradient is 1-p times the upstream one."""
    for p in (0.3, 0.8, 0.0, 1.0):
        x, g = signed(13, 17).requires_grad_(), signed(13, 17)
        y = solution.vanilla_eval(x, p)
        if not y.requires_grad:
            raise Mistake("eval_without_gradient", p=p, got="requires_grad=False", expected="requires_grad=True")
        (y * g).sum().backward()
        expect_equal(x.grad, g * (1 - p), rtol=NEAR)


def test_dtypes(solution):
    """float16, bfloat16, float32 and float64 come back as they went in, from all three, with the right values; and
    gradients flow in each.
    """
    for dtype, tol in HALF.items():
        p, x, bias = 0.3, signed(30, 40, dtype=dtype), signed(30, dtype=dtype)
        if dtype is torch.bfloat16:
            x[:10] *= 2.0**40  # float16 has no such values
        leaf, leaf_of_eval = x.clone().requires_grad_(), x.clone().requires_grad_()
        calls, made = {}, {}
        for name, args in (("vanilla_train", (leaf, p)), ("fold_into_next", (x, bias, p)),
                           ("vanilla_eval", (leaf_of_eval, p))):  # fmt: skip
            made[name] = getattr(solution, name)(*args)
            calls[name] = solution.call
        y, weight = made["vanilla_train"], made["fold_into_next"]
        for name, each in (("vanilla_train", y), ("vanilla_eval", made["vanilla_eval"]), ("fold_into_next", weight[0])):
            solution.call = calls[name]
            expect_tensor(each, shape=x.shape)
            if dtype in (torch.float16, torch.bfloat16) and each.dtype is torch.float32:
                went = str(dtype).removeprefix("torch.")
                raise Mistake("promoted", name=name, went=went, got="float32", expected=went)
            expect_tensor(each, dtype=dtype)
            alive = y != 0 if name == "vanilla_train" else torch.ones_like(y, dtype=torch.bool)
            want = x.double() if name == "vanilla_train" else x.double() * (1 - p)
            expect_equal(each.double(), torch.where(alive, want, 0), rtol=tol)
        expect_equal(weight[1], bias)
        g = signed(30, 40, dtype=dtype)
        evaluated = made["vanilla_eval"]
        for name, value in (("vanilla_eval", evaluated), ("vanilla_train", y)):
            solution.call = calls[name]
            if not value.requires_grad:
                said = {"got": "requires_grad=False", "expected": "requires_grad=True"}
                if name == "vanilla_train":
                    raise Mistake("no_gradient", **said)
                raise Mistake("eval_without_gradient", p=p, **said)
        (y * g).sum().backward()
        (evaluated * g).sum().backward()
        want = torch.where(y.detach() != 0, g.double(), 0)
        expect_equal(expect_tensor(leaf.grad, shape=x.shape).double(), want, rtol=tol)
        solution.call = calls["vanilla_eval"]
        expect_equal(expect_tensor(leaf_of_eval.grad, shape=x.shape).double(), g.double() * (1 - p), rtol=tol)
        solution.call = calls["vanilla_train"]
        dropped = int((y == 0).sum())
        expect(
            statistics.rate_holds(dropped, x.numel(), p),
            "the drop rate is off in this dtype",
            "该 dtype 下的丢弃率不对",
            got=f"{dropped / x.numel():.3f}",
            expected=f"{p}",
        )


def test_shapes(solution):
    """0-d, empty, one element, 1-d, 4-d, 6-d and non-contiguous inputs, in training and at eval."""
    p = 0.4
    for shape in ((1,), (), (0,), (3, 0, 2), (9,), (2, 3, 4, 5), (1, 1, 1), (2, 1, 3, 1, 2, 2)):
        x = signed(*shape)
        for name in ("vanilla_train", "vanilla_eval"):
            try:
                y = getattr(solution, name)(x, p)
            except ForbiddenCall:
                raise
            except SubmissionError as error:
                if shape == ():  # the one element of shape (1,) went well before
                    raise Mistake(
                        "zero_d_refused", name=name, got=str(error), expected=Words("a 0-d tensor", "0-d tensor")
                    ) from None
                raise
            expect_tensor(y, shape=shape, dtype=x.dtype)
            right = (y == 0) | same(y, x) if name == "vanilla_train" else same(y, x * (1 - p))
            expect(bool(right.all()), f"wrong values for an input of shape {shape}", f"形状为 {shape} 的输入结果不对")
    scalars = int(many_masks(solution, torch.tensor(1.5), p, 60).sum())  # all alike: 0.6^60 + 0.4^60 < 1e-13
    expect(
        0 < scalars < 60,
        "a 0-d input is never dropped, or always",
        "0-d 输入总是保留或总是丢弃",
        got=f"{scalars} / 60",
        expected="≈ 36 / 60",
    )
    views = {
        ("a transpose", "转置"): signed(30, 20).t(),
        ("a slice", "切片"): signed(40, 30)[::2, 5:25],
        ("an expanded row", "expand 得到的行"): signed(1, 40).expand(25, 40),
    }
    for (name, zh), x in views.items():
        y = expect_tensor(solution.vanilla_train(x, p), shape=x.shape)
        alive = y != 0
        expect(bool(same(y, x)[alive].all()), f"wrong values for {name}", "非连续输入的结果不对", got=Words(name, zh))
        expect(
            statistics.rate_holds(int((~alive).sum()), x.numel(), p),
            f"wrong drop rate for {name}",
            "非连续输入的丢弃率不对",
        )
        expect_equal(solution.vanilla_eval(x, p), x * (1 - p), rtol=NEAR)


def test_arguments_untouched(solution):
    """No argument is changed by any of the three, whatever p, be it a parameter, and under no_grad."""
    for dtype, name in itertools.product(
        (torch.float16, torch.bfloat16, torch.float64), ("vanilla_train", "vanilla_eval")
    ):
        getattr(solution, name)(signed(12, 15, dtype=dtype), 0.5)
        if solution.changed:
            raise Mistake("changes_the_input", name=name, p=0.5)
    for p, grad in ((0.5, True), (1.0, True), (0.0, True), (0.5, False)):
        for name, args in (("vanilla_train", [signed(12, 15)]), ("vanilla_eval", [signed(12, 15)]),
                           ("fold_into_next", [signed(12, 15), signed(12)]),
                           ("fold_into_next", [signed(12, 15).requires_grad_(), signed(12).requires_grad_()])):  # fmt: skip
            with torch.set_grad_enabled(grad):
                getattr(solution, name)(*args, p)
            if name == "fold_into_next":
                expect(
                    0 in solution.changed or not solution.changed,
                    "fold_into_next changed the bias in place",
                    "fold_into_next 修改了传入的 bias",
                )
            if solution.changed and name == "fold_into_next":
                raise Mistake("fold_changes_weight", p=p)
            if solution.changed:
                raise Mistake("changes_the_input", name=name, p=p)


def test_device(solution):
    """Everything is made where the arguments live: seen with tensors that pose as living on another device."""
    for p in (0.5, 1.0, 0.0):
        if solution.device_of("vanilla_train", signed(11, 17), p) in ("mixed", "here"):
            raise Mistake("mask_on_cpu", got=CPU_MASK)
    others = (
        solution.device_of("vanilla_eval", signed(11, 17), 0.5),
        solution.device_of("fold_into_next", signed(4, 5), signed(4), 0.5),
    )
    expect(
        not {"mixed", "here"} & set(others),
        "a tensor of the CPU is mixed in",
        "混入了 CPU 上的 tensor",
        got="CPU",
        expected=Words("the device of the arguments", "参数所在的 device"),
    )
