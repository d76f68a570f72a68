"""Checks for `dropout2d(x, p=0.5, training=True)`.

A coin is a whole map here, so the maps are small (often 1 x 2) and many. Each statistical test spends at most
ALPHA = 1e-11 of false alarm and the suite has fewer than ninety of them: a right answer is turned away with
probability below 1e-9 a run. About 130,000 maps are drawn in all, few of them with a graph, so that a plain Python loop over maps
is judged within its twenty seconds. Inputs have both signs, no zeros and no repeated value; p is rarely one half, where
keep and drop, 1/p and 1/(1-p), coincide.
"""

import itertools

import torch

from interview.grading.checks import statistics
from interview.grading.checks.expect import (
    Bar,
    Mask,
    Mistake,
    Unseen,
    Words,
    expect,
    expect_equal,
    expect_raises,
    expect_tensor,
)
from interview.grading.checks.masks import (
    NEAR_ONE,
    ULP4,
    expect_lags,
    expect_new_masks,
    expect_no_memory,
    same,
    signed,
)
from interview.grading.checks.solution import ForbiddenCall, shape_of

TINY = 0.0008
GROUPS = {"small": "|x| < 1", "large": "|x| > 1", "positive": "x > 0", "negative": "x < 0"}
ALL_ZEROS = Words("all zeros", "全零")
HELPER = """
import torch

def many(x, p, count):
    return torch.stack(list(again(lambda each: submission.dropout2d(each, p, True), x, count)))
"""
HALF = {
    torch.float16: 1e-2,
    torch.bfloat16: 4e-2,
    torch.float32: ULP4,
    torch.float64: ULP4,
}  # a factor made in float32 will do


WHOLE = {torch.bfloat16: 4}  # calls of 3,000 maps at p = 0


def many_calls(solution, x, p, count):
    """The results of as many calls, stacked; made on the submission's side, for a small call costs less than its journey."""
    try:
        return solution.build(HELPER).many(x, p, count)
    finally:
        solution.call = f"dropout2d(x, p={p}, training=True) × {count}    x: {shape_of(x)}"


def whole(y):
    """Is each map zero everywhere or nowhere?"""
    alive = y != 0
    return bool((alive == alive[:, :, :1, :1]).all())


def kept(solution, p, n, c, h=1, w=2):
    """Which maps (n, c) of a signed input survive one call in training, as their first pixel tells.

    Of 400 maps and more none or all dropped has probability below 0.88^400 = 1e-22 at the p used here.
    """
    y = expect_tensor(solution.dropout2d(signed(n, c, h, w), p, True), shape=(n, c, h, w))
    alive = y[:, :, 0, 0] != 0
    expect(n * c < 400 or alive.any(), f"every map is zero at p = {p}", f"p = {p} 时所有特征图都是零")
    expect(n * c < 400 or p < 0.01 or not alive.all(), f"no map is zero at p = {p}", f"p = {p} 时没有任何特征图为零")
    return alive


def test_from_scratch(solution):
    """No ready-made dropout is called, in training or in eval, whether or not its refusal is caught."""
    for training in (True, False):
        try:
            solution.dropout2d(signed(2, 3, 2, 2), 0.3, training)
        except Exception as error:
            if isinstance(error, ForbiddenCall) or solution.forbidden:
                raise Mistake("ready_made", name=solution.forbidden[0]) from None
            raise Unseen from None  # any other exception is the next check's to tell
        if solution.forbidden:
            raise Mistake("ready_made", name=solution.forbidden[0])


def test_interface(solution):
    """Positional and keyword arguments, the defaults p = 0.5 and training = True, a tensor of the input's shape.

    The default p: 3600 maps at 1/2 are settled within 0.06 by Chernoff. 240 maps at 0.25 are all kept with
    probability below 1e-29. Under no_grad there is dropout all the same.
    """
    x = signed(12, 20, 2, 2)
    for given, more in (((x, 0.25), {}), ((), {"x": x, "p": 0.25, "training": True})):
        y = expect_tensor(solution.dropout2d(*given, **more), shape=x.shape, dtype=x.dtype)
        if torch.equal(y, x):
            call = solution.call
            never = torch.equal(solution.dropout2d(x, 0.25, True), x)
            with_grad = never and not torch.equal(solution.dropout2d(x.clone().requires_grad_(), 0.25, True), x)
            solution.call = call
            expect(not with_grad, "nothing is dropped where x needs no gradient", "x 不需要梯度时什么都没有丢弃")
            raise Mistake(
                "never_drops" if never else "eval_by_default",
                got="dropout2d(x, 0.25) == x",
                expected=Words("about a quarter of the maps dropped", "约四分之一的特征图被丢弃"),
            )
    with torch.no_grad():
        y = solution.dropout2d(x, 0.25, True)
    if torch.equal(y, x):
        raise Mistake(
            "follows_grad_mode",
            got=Words("under torch.no_grad() the output is x", "torch.no_grad() 下输出就是 x"),
            expected=Words("drops, since training=True", "training=True，应有丢弃"),
        )
    x = signed(60, 60, 1, 2)
    y = expect_tensor(solution.dropout2d(x), shape=x.shape, dtype=x.dtype)
    if torch.equal(y, x):
        expected = Words("about half of the maps dropped", "约一半的特征图被丢弃")
        raise Mistake("eval_by_default", got="dropout2d(x) == x", expected=expected)
    dropped = y[:, :, 0, 0] == 0
    shared = bool((dropped == dropped[:1]).all() or (dropped == dropped[:, :1]).all())  # own_coin tells it
    call = solution.call
    if not statistics.rate_holds(int(dropped.sum()), 3600, 0.5) and not shared and fair_when_named(solution):
        solution.call = call
        raise Mistake(
            "other_default",
            share=float(dropped.float().mean()),
            got=f"{float(dropped.float().mean()):.3f}",
            expected="0.5",
        )


def fair_when_named(solution):
    """With p = 0.5 given, is half of the maps dropped? Then it is the default that is not 0.5."""
    masks = [kept(solution, 0.5, 60, 60) for _ in range(3)]
    return all(statistics.rate_holds(int(mask.sum()), 3600, 0.5) and spread(mask, 0.5) for mask in masks)


def test_range_of_p(solution):
    """p in [0, 1] is accepted, its ends included; anything else is refused, NaN too, in training and in eval."""
    x = signed(2, 3, 2, 2)
    for p, training in itertools.product((0.3, 0.0, 1.0), (True, False)):
        try:
            solution.dropout2d(x, p, training)
        except ForbiddenCall:
            raise
        except (ValueError, AssertionError):
            if p != 0.3:
                got = Words(f"p={p:g} rejected", f"p={p:g} 被拒绝")
                raise Mistake("ends_refused", refused=f"p={p:g}", got=got, expected="0 <= p <= 1") from None
            got, expected = Words("an error", "报错"), Words("accepted", "不报错")
            expect(False, f"p = {p} was rejected", f"p = {p} 被拒绝", got=got, expected=expected)
    calls, not_a_number = {}, float("nan")

    def accepts(p, training):
        took = not refuses(solution, x, p, training)
        calls[p, training] = solution.call
        return took

    accepted = {training: [p for p in (-0.1, 1.1, -3.0, 2.0) if accepts(p, training)] for training in (True, False)}
    nan = {training: accepts(not_a_number, training) for training in (True, False)}
    if accepted[True] and accepted[False] and nan[True]:
        solution.call = calls[accepted[True][0], True]
        raise Mistake("no_range_check", p=accepted[True][0])
    if (accepted[False] or nan[False]) and not accepted[True] and not nan[True]:
        p = accepted[False][0] if accepted[False] else not_a_number
        solution.call = calls[p, False]
        raise Mistake("checked_in_training_only", p=p)
    if nan[True] and not accepted[True] and not accepted[False]:
        solution.call = calls[not_a_number, True]
        raise Mistake("nan_accepted")
    for training, p in itertools.product((True, False), (-0.1, 1.1, -3.0, 2.0, float("nan"))):
        expect_raises((ValueError, AssertionError), solution.dropout2d, x, p, training)


def refuses(solution, x, p, training):
    try:
        solution.dropout2d(x, p, training)
    except ForbiddenCall:
        raise
    except (ValueError, AssertionError):
        return True
    except Exception:
        return False
    return False


def solution_took(solution, x, p, training):
    try:
        solution.dropout2d(x, p, training)
    except ForbiddenCall:
        raise
    except Exception:
        return False
    return True


def test_rank(solution):
    """Only (N, C, H, W): 0-d, 1-d, 2-d, 3-d and 5-d inputs are refused, in training and in eval, for every p."""
    shapes = {0: (), 1: (6,), 2: (4, 5), 3: (3, 4, 5), 5: (2, 3, 4, 5, 2)}
    calls, broken = {}, set()

    def accepts(rank, p, training):
        x = signed(*shapes[rank])
        took = not refuses(solution, x, p, training)
        if took and not solution_took(solution, x, p, training):
            broken.add(rank)
        calls[rank, p, training] = solution.call
        return took

    let_in = {each: [rank for rank in shapes if accepts(rank, *each)]
              for each in ((0.3, True), (0.3, False), (0.0, True), (1.0, True))}  # fmt: skip
    wrong = {each: ranks for each, ranks in let_in.items() if ranks}
    if not wrong:
        return
    if 3 in let_in[0.3, True] and 3 not in broken:
        solution.call = calls[3, 0.3, True]
        accepted = Words("accepted", "没有报错")
        raise Mistake(
            "other_ranks",
            rank=", ".join(str(each) for each in let_in[0.3, True] if each not in broken),
            got=accepted,
            expected="ValueError",
        )
    if not let_in[0.3, True] and let_in[0.3, False] and not broken:
        rank, got = let_in[0.3, False][0], Words("accepted in eval", "eval 时没有报错")
        solution.call = calls[rank, 0.3, False]
        raise Mistake("rank_in_training_only", rank=rank, got=got, expected="ValueError")
    (p, training), ranks = next(iter(wrong.items()))
    expect_raises((ValueError, AssertionError), solution.dropout2d, signed(*shapes[ranks[0]]), p, training)
    got = Words("accepted", "没有报错")
    expect(False, f"a {ranks[0]}-d input was accepted", f"{ranks[0]} 维输入没有报错", got=got, expected="ValueError")


def test_p_zero(solution):
    """p = 0 keeps every value exactly, and the gradient is one everywhere."""
    x = signed(5, 6, 3, 4).requires_grad_()
    y = solution.dropout2d(x, 0.0, True)
    expect_equal(y, x)
    if not y.requires_grad:
        raise Mistake("detached_at_zero", got="requires_grad=False", expected="requires_grad=True")
    y.sum().backward()
    expect_equal(x.grad, torch.ones_like(x))


def test_p_one(solution):
    """p = 1 gives zeros; the gradient exists and is zero. No NaN from 0 · 1/0."""
    x = signed(5, 6, 3, 4).requires_grad_()
    y = expect_tensor(solution.dropout2d(x, 1.0, True), shape=x.shape, dtype=x.dtype)
    if y.isnan().any():
        raise Mistake("nan_at_one", count=int(y.isnan().sum()), total=y.numel(), got="nan", expected="0")
    expect_equal(y.abs(), torch.zeros_like(x))
    if not y.requires_grad:
        raise Mistake("detached_at_one", got="requires_grad=False", expected="requires_grad=True")
    y.sum().backward()
    if x.grad is not None and x.grad.isnan().any():
        raise Mistake("nan_gradient_at_one", got="nan", expected="0")
    expect(x.grad is not None, "x has no gradient at p = 1", "p = 1 时 x 没有梯度", got="None", expected=ALL_ZEROS)
    expect_equal(x.grad.abs(), torch.zeros_like(x))


def test_eval_identity(solution):
    """In eval the values are those of x, bit by bit, for every p, and the gradient is one."""
    for p in (0.3, 0.8, 0.5, 0.0, 1.0):
        x = signed(16, 24, 2, 2)
        y = expect_tensor(solution.dropout2d(x, p, False), shape=x.shape)
        if p in (0.3, 0.8) and same(y, x * (1 - p)).all():
            raise Mistake("eval_scaled", p=p, ratio=1 - p, got=f"y/x = {1 - p:g}", expected="y/x = 1")
        maps = y[:, :, 0, 0] == 0
        if p in (0.3, 0.8) and maps.any() and statistics.rate_holds(int(maps.sum()), maps.numel(), p):
            raise Mistake(
                "drops_in_eval", share=float(maps.float().mean()), p=p, got=Words("zeros", "出现了零"), expected="x"
            )
        expect_equal(y, x)
    x = signed(4, 5, 2, 3).requires_grad_()
    y = solution.dropout2d(x, 0.4, training=False)
    expect(
        y.requires_grad,
        "no gradient flows in eval",
        "eval 时没有梯度",
        got="requires_grad=False",
        expected="requires_grad=True",
    )
    y.sum().backward()
    expect_equal(x.grad, torch.ones_like(x))


def test_whole_maps(solution):
    """A map is zero everywhere or nowhere. What shares a coin instead (a pixel, a row, a column, an NHWC channel) is told by its own pattern."""
    for p, shape in ((0.3, (12, 10, 6, 7)), (0.8, (9, 16, 5, 4)), (0.3, (6, 8, 24, 30))):
        y = expect_tensor(solution.dropout2d(signed(*shape), p, True), shape=shape)
        if whole(y):
            continue
        alive = y != 0
        picture = Mask.of(alive[0].flatten(1), p)
        names = {(0, 1): "N x C", (0, 3): "N x W", (2, 3): "H x W", (3,): "W", (0, 2): "N x H", (0, 1, 2): "N x C x H", (0, 1, 3): "N x C x W",
                 (0, 2, 3): "N x H x W", (1, 2, 3): "C x H x W"}  # fmt: skip
        for axes, name in names.items():
            if depends_only_on(alive, axes):
                if axes in ((0, 3), (3,)):
                    got = Words("the drops go along the last axis", "沿最后一维丢弃")
                    raise Mistake("channels_last_axis", p=p, got=got, picture=picture)
                if axes in ((2, 3), (0, 2, 3)):
                    raise Mistake("positions", p=p, picture=picture)
                expect(
                    False,
                    f"the mask is one of {name}, not of N x C",
                    f"掩码的形状是 {name}，而不是 N x C",
                    got=name,
                    expected="N x C",
                    picture=picture,
                )
        if statistics.rate_holds(int(alive.sum()), alive.numel(), 1 - p):
            raise Mistake("element_wise", p=p, picture=picture)
        expect(
            False,
            "a map is neither dropped nor kept whole",
            "有的特征图既没有整张丢弃，也没有整张保留",
            got=Words("zeros in some of its pixels", "只有部分像素为零"),
            picture=picture,
        )


def depends_only_on(alive, axes):
    """Is the mask the same along every other axis?"""
    first = alive
    for axis in range(4):
        if axis not in axes:
            first = first.narrow(axis, 0, 1)
    return bool((alive == first).all())


def test_survivors(solution):
    """What is kept is exactly x/(1-p), within 4 ulp: x/(1-p) and x·(1/(1-p)) differ by one.

    At p = 0.97 none of 2,000 maps is kept with probability below 1e-26, at 0.9981 none of 14,400 with 2e-12.
    """
    seen, calls = {}, {}
    for p in (0.3, 0.8, 0.1, 0.97, NEAR_ONE):
        x = signed(15, 20, 3, 2) if p < 0.9 else signed(40, 50, 1, 1) if p < NEAR_ONE else signed(160, 90, 1, 1)
        y = expect_tensor(solution.dropout2d(x, p, True), shape=x.shape)
        alive = y != 0
        if not alive.any() or not same(y, x / (1 - p))[alive].all():
            seen[p], calls[p] = (x, y, alive), solution.call
    if {0.3, 0.8} <= set(seen):
        solution.call = calls[0.3]
        name_the_scale(seen)
    if set(seen) == {NEAR_ONE} and not seen[NEAR_ONE][2].any() and only_near_one(solution):
        solution.call, n = calls[NEAR_ONE], seen[NEAR_ONE][0].numel()
        raise Mistake(
            "near_one_is_one",
            p=NEAR_ONE,
            n=n,
            got=ALL_ZEROS,
            expected=Words(f"about 27 of {n} kept", f"{n} 个中约保留 27 个"),
        )
    if 0.97 in seen and set(seen) <= {0.97, NEAR_ONE}:
        x, y, alive = seen[0.97]
        ratio = float((y / x)[alive].median()) if alive.any() else 0.0
        if 0 < ratio < 33 and same(y, x * ratio)[alive].all() and pixels_scaled(solution):
            solution.call, got = calls[0.97], f"y/x = {ratio:.4g}"
            raise Mistake("scale_capped", p=0.97, ratio=ratio, got=got, expected=f"y/x = {1 / 0.03:.4g}")
    for p, (x, y, alive) in seen.items():
        solution.call = calls[p]
        expect(alive.any(), f"nothing survives at p = {p}", f"p = {p} 时没有任何特征图保留", got=ALL_ZEROS)
        expect_equal(torch.where(alive, y, 0), torch.where(alive, x / (1 - p), 0), rtol=ULP4)


def only_near_one(solution):
    """Coins are not shared, and p is not rounded: at a tiny p some are dropped. `solution.call` stays as it was."""
    call = solution.call
    holds = spread(kept(solution, 0.35, 100, 100), 0.35) and not kept(solution, TINY, 175, 200, w=1).all()
    solution.call = call
    return bool(holds)


def pixels_scaled(solution):
    """At a smaller p maps of one pixel are scaled as they should be, so it is not their shape."""
    call, x = solution.call, signed(40, 50, 1, 1)
    y = solution.dropout2d(x, 0.3, True)
    solution.call = call
    return bool(same(y, x / 0.7)[y != 0].all())


def name_the_scale(seen):
    """The known wrong scales, each only if it explains every survivor at p = 0.3 and at p = 0.8."""

    def explained(scale):
        return all(alive.any() and same(y, x * scale(p, alive))[alive].all() for p, (x, y, alive) in both)

    def per_sample(p, alive):
        return alive.shape[1] / alive[:, :, :1, :1].sum(1, keepdim=True).clamp(min=1)

    both = [(p, seen[p]) for p in (0.3, 0.8)]
    x, y, alive = seen[0.3]
    got = f"y/x = {float((y / x)[alive].median()):.4g}" if alive.any() else ALL_ZEROS
    said = {"p": 0.3, "got": got, "expected": f"y/x = {1 / 0.7:.4g}"}
    if alive.all():  # nothing is dropped: no matter of scale
        return
    if explained(lambda p, alive: 1.0):
        raise Mistake("scale_missing", mean=float(alive.float().mean()), **said)
    if explained(lambda p, alive: 1 / p):
        if all(statistics.rate_holds(int(alive[:, :, 0, 0].sum()), 300, p) for p, (x, y, alive) in both):
            raise Mistake("p_is_keep", kept=float(alive.float().mean()), **said)
        raise Mistake("scale_one_over_p", ratio=1 / 0.3, **said)
    if explained(per_sample) or explained(lambda p, alive: alive.numel() / alive.sum()):
        raise Mistake("renormalised", ratio=float((y / x)[alive][0]), **said)


def test_rate(solution):
    """The share of dropped maps is p. Chernoff's bound: a rate off by 0.05 is missed with probability below 1e-6.

    At p = 0.0008 about 28 of 35,000 are dropped: none with probability 1e-12, and 1/256 of them, the smallest rate
    that a byte can draw, is more than the bound lets through.
    """
    sizes = {0.35: (100, 120), 0.12: (50, 120), 0.8: (50, 120), TINY: (175, 200)}
    counts, calls = {}, {}
    for p, shape in sizes.items():
        counts[p] = int((~kept(solution, p, *shape, w=1)).sum()), shape[0] * shape[1]
        calls[p] = solution.call
    off = [p for p, (zeros, n) in counts.items() if not statistics.rate_holds(zeros, n, p)]
    if not off:
        return
    share = {p: zeros / n for p, (zeros, n) in counts.items()}
    p = 0.35 if 0.35 in off else off[0]
    solution.call = calls[p]
    n = counts[p][1]
    low, high = statistics.rate_interval(n, p)
    said = {
        "p": p,
        "share": share[p],
        "got": f"{share[p]:.4f}",
        "expected": f"{low:.4f} … {high:.4f}",
        "picture": Bar(share[p], low, high),
    }
    if all(statistics.rate_holds(n - zeros, n, p) for p, (zeros, n) in counts.items()):
        raise Mistake("keeps_with_p", **said)
    if off == [TINY] and counts[TINY][0] == 0 and never_dropped(solution):
        solution.call = calls[p]
        raise Mistake("tiny_p_lost", n=n, **said)
    solution.call = calls[p]
    said.pop("share"), said.pop("p")
    expect(
        False,
        f"the share of dropped maps is {share[p]:.4f}, not {p}",
        f"被丢弃的特征图比例是 {share[p]:.4f}，而不是 {p}",
        **said,
    )


def never_dropped(solution):
    """Nor is a map dropped in 200 calls of 175, which no mask that repeats itself within a call explains."""
    calls = many_calls(solution, signed(175, 1, 1, 1), TINY, 200)
    return spread(kept(solution, 0.35, 100, 100), 0.35) and bool(calls.all())


def spread(mask, p):
    """No sample and no channel shares its coins (a hundred alike: below 1e-18) or has a fixed count: then 35,000 maps are 35,000 chances."""
    sums = ((mask.sum(1).tolist(), mask.shape[1]), (mask.sum(0).tolist(), mask.shape[0]))
    return all(len(set(each)) > 1 and statistics.each_rate_holds(each, n, 1 - p) is None for each, n in sums)


def test_data_blind(solution):
    """Whether a map is dropped does not depend on its values: maps of large and of small, of positive and of negative values alike.

    3000 maps a call: within a group of about 1500 a rate off by 0.1 shows; the same group must stray the same way in both of two calls
    before it is named.
    """
    p = 0.3
    strays = [stray_groups(solution, p) for _ in range(2)]
    for name, share in strays[0].items():
        if (share - p) * (strays[1].get(name, p) - p) > 0:
            raise Mistake(
                "looks_at_the_data",
                group=Words(name, GROUPS[name]),
                p=p,
                share=share,
                got=Words(
                    f"{share:.3f} of the maps of {name} values dropped", f"{GROUPS[name]} 的特征图丢弃了 {share:.3f}"
                ),
                expected=f"{p}",
            )
    for name, share in strays[0].items():
        expect(
            False,
            f"{share:.1%} of the maps of {name} values were dropped",
            f"{GROUPS[name]} 组的特征图被丢弃了 {share:.3f}",
            got=f"{share:.3f}",
            expected=f"{p}",
        )


def stray_groups(solution, p):
    """The groups of maps that are dropped at another rate than p, where that of all or of the others is p."""
    large, positive = torch.rand(50, 60) < 0.5, torch.rand(50, 60) < 0.5
    factor = torch.where(large, 2e4, 1e-4) * torch.where(positive, 1.0, -1.0)
    x = signed(50, 60, 2, 2).abs() * factor[:, :, None, None]
    y = expect_tensor(solution.dropout2d(x, p, True), shape=x.shape)
    dropped = y[:, :, 0, 0] == 0
    groups = {"small": ~large, "large": large, "positive": positive, "negative": ~positive}

    def holds(group):
        return statistics.rate_holds(int((dropped & group).sum()), int(group.sum()), p)

    every = holds(torch.ones_like(large))
    return {
        name: float(dropped[group].float().mean())
        for name, group in groups.items()
        if not holds(group) and (every or holds(~group))
    }


def test_own_coin(solution):
    """Every sample and every channel has its own coin: neither axis shares a mask, and lags do not repeat one.

    64 x 48 coins: all rows (or columns) alike has probability below 2^-1000. The lags compare disjoint pairs, which
    are independent: they differ at rate 2q(1-q).
    """
    p = 0.4
    mask = kept(solution, p, 64, 48)
    if bool((mask == mask[:1]).all()):
        raise Mistake("shared_over_batch", picture=Mask.of(mask, p))
    if bool((mask == mask[:, :1]).all()):
        raise Mistake("whole_samples", picture=Mask.of(mask, p))
    n, flat = mask.numel(), mask.flatten()
    for sums, length in ((mask.sum(1), 48), (mask.sum(0), 64)):
        bad = statistics.each_rate_holds(sums.tolist(), length, 1 - p)
        expect(bad is None, "the drops cluster along an axis", "丢弃沿某一维聚集", picture=lambda: Mask.of(mask, p))
    expect_lags(flat, p, (1, 2, 31, 48, 96, n // 2), en="maps", zh="特征图", picture=lambda: Mask.of(mask, p))
    wide = kept(solution, p, 24, 280, w=1)
    for lag in (16, 32, 64, 128):
        if (wide[:, lag:] == wide[:, :-lag]).all():
            raise Mistake("few_channels_repeated", lag=lag)
    expect_lags(wide.flatten(), p, (16, 32, 64, 128, 256), en="maps", zh="特征图")


def test_fresh_mask(solution):
    """Each call draws anew: two calls differ at rate 2q(1-q), and so does every pair of three.

    Of 200 masks of 60 maps at p = 0.5 two are alike with probability below 1e-13; out of a thousand prepared ones
    200 calls draw none twice with probability below 1e-8.
    """
    p = 0.3
    masks = [kept(solution, p, 40, 50) for _ in range(3)]
    if any(torch.equal(a, b) for a, b in itertools.combinations(masks, 2)):
        call = solution.call
        with solution.seeded(11):
            solution.dropout2d(signed(2, 2, 2, 2), p, True)
            reseeded = solution.reseeded
        solution.call = call
        raise Mistake(
            "reseeds" if reseeded else "same_mask_again",
            got=Words("two calls, one mask", "两次调用，同一个掩码"),
            picture=Mask(*(Mask.of(each, p).yours for each in masks[:2])),
        )
    for a, b in itertools.combinations(masks, 2):
        differ, n = int((a != b).sum()), a.numel()
        expect(
            statistics.rate_holds(differ, n, 2 * p * (1 - p)),
            "two calls are not independent",
            "两次调用不独立",
            got=Words(f"{differ / n:.3f} differ", f"有 {differ / n:.3f} 不同"),
            expected=f"{2 * p * (1 - p):.3f}",
        )
    with torch.no_grad():  # a mask kept there is as stale
        small = (many_calls(solution, signed(6, 10, 1, 1), 0.5, 200) != 0).reshape(200, 60)
    count = len({tuple(each) for each in small.tolist()})
    latest = int((small[1:] == small[:-1]).all(1).sum())  # a mask that stays for some calls is no supply
    mixed = all(abs(float((small[:, lag:] != small[:, :-lag]).float().mean()) - 0.5) < 0.12 for lag in range(1, 31))
    if 1 < count < 200 and mixed and latest < 0.6 * (200 - count):
        got = Words(f"{count} different masks in 200 calls", f"200 次调用，{count} 种不同的掩码")
        raise Mistake("few_masks", count=count, got=got, expected="200")
    expect_new_masks(small)


def test_count_varies(solution):
    """The number of dropped channels is binomial, not fixed: in a sample, in a call, and it may be none or all of them.

    Of 250 samples of 48 channels, all alike has probability below 1e-300; how often a count strays from its mean by
    more than 2.5 has an exactly known rate. With 3 channels at p = 0.5 a sample loses all of them with probability 1/8.
    """
    p = 0.5
    mask = kept(solution, p, 250, 48)
    counts = mask.sum(1).tolist()
    if len(set(counts)) == 1 and (mask != mask[:1]).any():  # not one mask for all of them
        raise Mistake("exact_count", kept=counts[0], n=48, samples=250)
    strays, rate = sum(abs(each - 24) > 2.5 for each in counts), statistics.tail_rate(48, 0.5, 2.5)
    expect(
        statistics.rate_holds(strays, 250, rate),
        "the counts vary more or less than those of independent coins",
        "保留个数的波动与独立抽样不符",
        got=f"{strays / 250:.3f}",
        expected=f"{rate:.3f}",
    )
    few = kept(solution, p, 1000, 3).sum(1)
    none, full = int((few == 0).sum()), int((few == 3).sum())
    others = statistics.rate_holds(full, 1000, 1 / 8) or statistics.rate_holds(full, 1000, 1 / 7)
    if none == 0 and others:
        raise Mistake(
            "always_keeps_one",
            samples=1000,
            got=Words("no sample lost all of its 3 channels", "没有样本丢掉全部 3 个通道"),
            expected=Words("about 125", "约 125 个"),
        )
    for count in (none, full):
        expect(
            statistics.rate_holds(count, 1000, 1 / 8),
            "samples that lose all or none of 3 channels are too rare or too frequent",
            "3 个通道全丢或全留的样本过少或过多",
            got=f"{count / 1000:.3f}",
            expected="0.125",
        )
    count = statistics.calls_never_alike(40, 0.6)
    calls = (many_calls(solution, signed(5, 8, 1, 1), 0.4, count) != 0).flatten(1).sum(1).tolist()
    call = solution.call
    gone = (many_calls(solution, signed(1, 3, 1, 1), 0.8, 60) == 0).flatten(1)
    lost = int(gone.all(1).sum())
    if lost == 0 and gone.any(0).all():  # a right answer: (1 - 0.8³)^60 < 1e-18
        got = Words("no call lost all of its 3 maps", "没有一次丢掉全部 3 张")
        raise Mistake("call_keeps_one", tries=60, got=got, expected=Words("about 31 of 60", "60 次中约 31 次"))
    expect(
        lost > 0,
        f"in {lost} of 60 calls all 3 maps of a sample are dropped",
        f"60 次调用中有 {lost} 次丢掉单个样本的全部 3 张特征图",
        got=f"{lost} / 60",
        expected="≈ 31 / 60",
    )
    one = int((many_calls(solution, signed(1, 1, 1, 2), 0.4, 400)[..., 0] == 0).sum())
    expect(
        statistics.rate_holds(one, 400, 0.4),
        "a single map is dropped too rarely or too often",
        "只有一张特征图时丢弃得过少或过多",
        got=f"{one / 400:.3f}",
        expected="0.4",
    )
    solution.call = call
    expect(
        len(set(calls)) > 1,
        f"each call keeps exactly {calls[0]} of 40 maps",
        f"每次调用都恰好保留 40 张中的 {calls[0]} 张",
    )


def test_generator(solution):
    """The coins come from torch's global generator: its seed decides them, nothing else does, and it is not reseeded."""
    x = signed(30, 40, 1, 2)
    with solution.seeded(7, other=1):
        first = solution.dropout2d(x, 0.4, True)
        reseeded, drew = solution.reseeded, solution.drew
    if reseeded:
        raise Mistake(
            "reseeds", got=Words("the generator has left the stream of its seed", "生成器离开了原种子的随机序列")
        )
    with solution.seeded(7, other=2):
        second = solution.dropout2d(x, 0.4, True)
    with solution.seeded(8, other=1):
        third = solution.dropout2d(x, 0.4, True)
    if not torch.equal(first, second) or torch.equal(first, third):
        expect_no_memory(
            solution, lambda x, p: expect_tensor(solution.dropout2d(x, p, True), shape=x.shape), signed(30, 40, 1, 1)
        )
        raise Mistake("other_generator")
    expect(
        drew,
        "the generator stands where it stood before the call, so the next call draws the same",
        "调用之后生成器仍停在调用前的位置，下一次调用会抽到同样的随机数",
    )


def test_gradient(solution):
    """dL/dx is mask/(1-p) times the upstream gradient, with this call's own mask, within 4 ulp; where x is 0 as well."""
    for p in (0.3, 0.8):
        x = signed(12, 15, 3, 2).requires_grad_()
        g = signed(12, 15, 3, 2)
        y = solution.dropout2d(x, p, True)
        if not y.requires_grad:
            raise Mistake("no_gradient", got="requires_grad=False", expected="requires_grad=True")
        alive = y.detach() != 0
        (y * g).sum().backward()
        want = torch.where(alive, g / (1 - p), 0)
        expect(x.grad is not None, "x has no gradient", "x 没有梯度")
        if same(x.grad, want).all():
            maps = alive[:, :, 0, 0]
            expect(
                whole(y.detach())
                and statistics.rate_holds(int(maps.sum()), maps.numel(), 1 - p)
                and not (maps == maps[:1]).all()
                and not (maps == maps[:, :1]).all(),
                "a map is not dropped whole, or at another rate, where x needs a gradient",
                "x 需要梯度时，特征图没有整张丢弃，或丢弃率不对",
                got=f"{float((~maps).float().mean()):.3f}",
                expected=f"{p}",
            )
            continue
        ratio = f"grad/g = {float((x.grad / g)[alive].median()):.4g}"
        said = {
            "p": p,
            "got": Words(f"{ratio} where kept", f"保留处 {ratio}"),
            "expected": f"{1 / (1 - p):.4g}",
        }
        if same(x.grad, g).all():
            raise Mistake("straight_through", **said)
        if same(x.grad, torch.where(alive, g, 0)).all():
            raise Mistake("gradient_unscaled", **said)
        hit = same(x.grad, g / (1 - p)) | (x.grad == 0)
        maps = ((x.grad != 0) != alive)[:, :, 0, 0]
        if hit.all() and statistics.rate_holds(int(maps.sum()), maps.numel(), 2 * p * (1 - p)):
            raise Mistake("gradient_of_another_mask", wrong=int(maps.sum()), total=maps.numel(), **said)
        expect_equal(x.grad, want, rtol=ULP4)
    p, holes = 0.3, torch.zeros(12, 15, 3, 2)
    holes[..., 1] = 1.0
    x, g = (holes * signed(12, 15, 3, 2)).requires_grad_(), signed(12, 15, 3, 2)
    y = solution.dropout2d(x, p, True)
    alive = (y.detach() != 0)[:, :, :1, 1:].expand(x.shape)
    (y * g).sum().backward()
    want = torch.where(alive, g / (1 - p), 0)
    if same(x.grad, want * holes).all():
        got, expected = (
            Words("0 where x is 0", "x 为 0 处是 0"),
            Words(f"g/{1 - p:g} where kept", f"保留处 g/{1 - p:g}"),
        )
        raise Mistake("zeros_without_gradient", got=got, expected=expected)
    expect_equal(x.grad, want, rtol=ULP4)


def test_dtypes(solution):
    """float16, bfloat16, float32 and float64 come back as they went in, training or not, with the right values.

    At p = 0 a draw in bfloat16 is 0 once in 2^9 maps: `> p` drops one of 12,000 but for 1e-10.
    """
    for dtype, tol in HALF.items():
        for p, training in ((0.3, True), (0.3, False), (0.0, True), (1.0, True)):
            x = signed(20, 30, 1, 2, dtype=dtype)
            y = expect_tensor(solution.dropout2d(x, p, training), shape=x.shape)
            if y.dtype is not dtype:
                came, went = (str(each).removeprefix("torch.") for each in (y.dtype, dtype))
                if y.dtype is torch.float32 and training and p == 0.3:
                    raise Mistake("float_mask", came=came, went=went, got=came, expected=went)
                expect_tensor(y, dtype=dtype)
            if training and p == 0.3:
                alive = y != 0
                expect_equal(y.double(), torch.where(alive, x.double() / (1 - p), 0), rtol=tol)
                expect(
                    whole(y) and statistics.rate_holds(int((~alive[..., 0]).sum()), 600, p),
                    "the drop rate is off in this dtype",
                    "该 dtype 下的丢弃率不对",
                    got=f"{float((~alive).float().mean()):.3f}",
                    expected=f"{p}",
                )
            elif p != 1.0:
                expect_equal(y, x)
                if training and dtype in WHOLE:
                    x = signed(50, 60, 1, 1, dtype=dtype)
                    many = many_calls(solution, x, p, WHOLE[dtype])
                    expect_equal(many, x.expand(many.shape))
            else:
                expect(
                    bool((y == 0).all()), "p = 1 does not give zeros in this dtype", "该 dtype 下 p = 1 时结果不为零"
                )


def test_shapes(solution):
    """One sample, one channel, one pixel, odd sizes, channels-last and other non-contiguous inputs."""
    p = 0.4
    for shape in (
        (1, 300, 1, 1),
        (300, 1, 1, 1),
        (1, 300, 1, 3),
        (300, 1, 3, 1),
        (1, 40, 9, 5),
        (3, 40, 17, 1),
        (20, 20, 1, 2),
    ):
        x = signed(*shape)
        y = expect_tensor(solution.dropout2d(x, p, True), shape=shape, dtype=x.dtype)
        right_maps(x, y, p, f"an input of shape {shape}", f"形状为 {shape} 的输入")
        expect_equal(solution.dropout2d(x, p, False), x)
    base = signed(12, 16, 4, 6)
    views = {
        ("a channels-last input", "channels_last 输入"): base.to(memory_format=torch.channels_last),
        ("a transpose", "转置"): base.transpose(0, 1),
        ("a permuted NHWC input", "由 NHWC permute 得到的输入"): signed(12, 4, 6, 16).permute(0, 3, 1, 2),
        ("a slice", "切片"): base[::2, :, 1:3, ::3],
        ("an expanded sample", "expand 得到的样本"): signed(1, 16, 2, 3).expand(12, 16, 2, 3),
        ("an expanded channel", "expand 得到的通道"): signed(12, 1, 2, 3).expand(12, 16, 2, 3),
    }
    for (name, zh), x in views.items():
        y = expect_tensor(called_on_a_view(solution, x, p), shape=x.shape)
        right_maps(x, y, p, name, "非连续的输入", Words(name, zh))
        expect_equal(solution.dropout2d(x, p, False), x)


def called_on_a_view(solution, x, p):
    try:
        return solution.dropout2d(x, p, True)
    except RuntimeError as error:
        if "view size is not compatible" in str(error):
            raise Mistake("flattens_with_view", got="RuntimeError") from None
        raise


def right_maps(x, y, p, name, zh, got=None):
    alive = y != 0
    expect(whole(y), f"maps are not dropped whole for {name}", f"{zh}没有整张丢弃", got=got)
    expect(bool(same(y, x / (1 - p))[alive].all()), f"wrong values for {name}", f"{zh}的结果不对", got=got)
    maps = alive[:, :, 0, 0]
    expect(
        statistics.rate_holds(int((~maps).sum()), maps.numel(), p),
        f"wrong drop rate for {name}",
        f"{zh}的丢弃率不对",
        got=f"{float((~maps).float().mean()):.3f}",
        expected=f"{p}",
    )
    both = min(maps.shape) > 1
    expect(
        not both
        or not any(
            maps.shape == each.shape and (maps == each).all()
            for each in (maps[:1].expand_as(maps), maps[:, :1].expand_as(maps), maps.t())
        ),
        f"the mask of {name} is shared",
        f"{zh}共用了掩码",
        got=got,
    )


def test_input_untouched(solution):
    """x holds the same bits after the call, whatever p and the mode, and under no_grad."""
    calls = [(p, training, True) for p, training in ((0.5, True), (1.0, True), (0.0, True), (0.5, False))]
    for p, training, grad in (*calls, (0.5, True, False), (0.5, False, False)):
        with torch.set_grad_enabled(grad):
            solution.dropout2d(signed(6, 7, 2, 3), p, training)
        if solution.changed:
            raise Mistake("changes_the_input", mode=Words("training", "训练") if training else "eval", p=p)


def test_device(solution):
    """The mask is made where x lives: seen with a tensor that poses as living on another device."""
    x = signed(6, 7, 2, 3)
    for training in (True, False):
        match solution.device_of("dropout2d", x, 0.5, training):
            case "mixed":
                got = Words("a CPU mask met x on another device", "CPU 上的掩码遇到了另一个 device 上的 x")
                raise Mistake("mask_on_cpu", got=got)
            case "here":
                raise Mistake("mask_on_cpu", got=Words("the result stayed on the CPU", "结果留在了 CPU 上"))
