"""Checks for `ManualDropout`: `__init__(p)`, `forward(x, training=True)`, `backward(grad_out)`.

Each statistical test spends at most ALPHA = 1e-11 of false alarm; the suite has fewer than ninety of them, so a right
answer is turned away with probability below 1e-9 a run. About 270,000 coins are drawn in all, so that a plain Python
loop is judged within its ten seconds. Inputs have both signs and no repeated value, and no zeros where the mask is
read off the output. Values are exact up to the order of a product and a division: 1e-5 in float32.
"""

import itertools

import torch

from interview.grading import statistics
from interview.grading.coins import expect_independent, expect_no_repeats, rate_found, signed
from interview.grading.faults import ForbiddenCall, SubmissionError
from interview.grading.suite import Mask, Mistake, Wrong, expect, expect_equal, expect_tensor

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
    one = submission.ManualDropout(p)
    found = [one.forward(x.clone(), True).clone() for _ in range(count)]
    return found + [submission.ManualDropout(p).forward(x.clone(), True)]

def stream(x, g, p):
    layer = submission.ManualDropout(p)
    layer.forward(x, True)
    before = torch.rand(4)
    layer.backward(g)
    return before, torch.rand(4)

def both_ways(x, g, p, training):
    layer = submission.ManualDropout(p)
    return layer.forward(x, training), layer.backward(g)

def results(x, g, p):
    layer = submission.ManualDropout(p)
    y = layer.forward(x, True)
    grad = layer.backward(g)
    kept = y.clone(), grad.clone()
    layer.forward(-x, True)
    layer.backward(-g)
    return kept, (y, grad)

def masks(x, p, times):
    one = submission.ManualDropout(p)
    return torch.stack([one.forward(x.clone(), True) != 0 for _ in range(times)])

submission.both_ways_of_the_judge = both_ways
"""


def same(a, b, tol=NEAR):
    """Element by element: equal up to a relative tolerance."""
    return (a - b).abs() <= tol * b.abs()


def forward(solution, x, p):
    return expect_tensor(solution.ManualDropout(p).forward(x, True), shape=x.shape)


def kept(solution, p, *shape):
    """Which elements of a signed input survive one forward in training."""
    return forward(solution, signed(*shape), p) != 0


def both(solution, p, *shape):
    """One forward in training and its backward: x, which survived, the upstream gradient, what came back."""
    x, g = signed(*shape), signed(*shape)
    layer = solution.ManualDropout(p)
    alive = expect_tensor(layer.forward(x, True), shape=x.shape) != 0
    return x, alive, g, expect_tensor(layer.backward(g), shape=g.shape)


def through(alive, g, p):
    """The gradient that the mask `alive` gives."""
    return torch.where(alive, g / (1 - p), 0)


def test_from_scratch(solution):
    """No ready-made dropout is called, in training or in eval, whether or not its refusal is caught."""
    tried(solution)
    named = [each for each in solution.forbidden if "dropout" in each.lower()]
    if named:
        raise Mistake("ready_made", name=named[0])


def test_without_autograd(solution):
    """The gradient is computed by hand: torch.autograd and Tensor.backward are not called."""
    tried(solution)
    named = [each for each in solution.forbidden if "dropout" not in each.lower()]
    if named:
        raise Mistake(
            "uses_autograd",
            name=named[0]
            .replace("torch.grad", "torch.autograd.grad")
            .replace("torch.backward", "torch.autograd.backward"),
        )


def tried(solution):
    """One round in training and one in eval; what raises is told by the checks that look at it."""
    x, g = signed(3, 4), signed(3, 4)
    for training in (True, False):
        try:
            layer = solution.ManualDropout(0.3)
            layer.forward(x, training)
            layer.backward(g)
        except SubmissionError:
            continue


def test_interface(solution):
    """Positional and keyword arguments, training = True by default, tensors of the input's shape and dtype.

    400 coins at p = 1/4 are all kept, or all scaled otherwise, with probability 0.75^400 < 1e-49.
    """
    x, g = signed(20, 20), signed(20, 20)
    layer = solution.ManualDropout(p=0.25)
    expect_tensor(layer.forward(x=x, training=True), shape=x.shape, dtype=x.dtype)
    expect_tensor(layer.backward(grad_out=g), shape=g.shape, dtype=g.dtype)
    if torch.equal(solution.ManualDropout(0.25).forward(x, True), x):
        raise Mistake("never_drops", got="forward(x, True) == x", expected="about a quarter of x dropped")
    if torch.equal(solution.ManualDropout(0.25).forward(x), x):
        raise Mistake("eval_by_default", got="forward(x) == x")


def test_range_of_p(solution):
    """p in [0, 1] is accepted, its ends included; anything else is refused, NaN and infinity too, at construction or at forward."""
    for p, training in itertools.product((0.3, 0.0, 1.0), (True, False)):
        if refuses(solution, p, training):
            if p in (0.0, 1.0) and not refuses(solution, 0.3, training):
                raise Mistake("ends_refused", p=p)
            expect(False, f"p = {p} was refused", f"p = {p} 被拒绝")
    outside = (-0.1, 1.1, -3.0, 2.0)
    accepted = {training: [p for p in outside if not refuses(solution, p, training)] for training in (True, False)}
    nan = {training: not refuses(solution, NAN, training) for training in (True, False)}
    every = list(outside)
    if accepted == {True: every, False: every} and nan[True] and nan[False]:
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
            refuses(solution, p, training), f"p = {p:.7g} was accepted", f"p = {p:.7g} 没有报错", expected="ValueError"
        )


def refuses(solution, p, training):
    try:
        solution.ManualDropout(p).forward(signed(4, 5), training)
    except ForbiddenCall:
        raise
    except (ValueError, AssertionError):
        return True
    return False


def test_eval(solution):
    """In eval the output is x, bit by bit, each time."""
    for p in (0.3, 0.8, 0.0, 1.0):
        x = signed(24, 31)
        layer = solution.ManualDropout(p)
        y = expect_tensor(layer.forward(x, False), shape=x.shape, dtype=x.dtype)
        zeros = int((y == 0).sum())
        if p in (0.3, 0.8) and zeros and statistics.rate_holds(zeros, y.numel(), p):
            raise Mistake("drops_in_eval", p=p, share=zeros / y.numel(), got="zeros", expected="x")
        if p in (0.3, 0.8) and same(y, x * (1 - p)).all():
            raise Mistake("eval_times_keep", p=p, ratio=1 - p, got=f"y/x = {1 - p:.4g}", expected="y/x = 1")
        expect_equal(y, x)
        expect_equal(layer.forward(x, training=False), x)


def test_survivors(solution):
    """Each element of forward's output is 0 or x/(1-p). A wrong scale is named if it holds at p = 0.3 and at 0.8."""
    seen = {}
    for p in (0.3, 0.8, 0.1, 0.97):  # 2,000 coins at 0.97: none survives with probability 0.97^2000 < 1e-26
        x = signed(40, 50)
        y = forward(solution, x, p)
        seen[p] = x, y, y != 0
        expect((y != 0).any(), f"nothing survives at p = {p}", f"p = {p} 时没有任何元素保留", got="all zeros")

    def explained(scale):
        return all(same(y, x * scale(p))[alive].all() for p, (x, y, alive) in seen.items() if p in (0.3, 0.8))

    x, y, alive = seen[0.3]
    said = {"p": 0.3, "got": f"y/x = {float((y / x)[alive].median()):.4g}", "expected": f"y/x = {1 / 0.7:.4g}"}
    whole = any(alive.all() for p, (x, y, alive) in seen.items() if p in (0.3, 0.8))  # nothing is dropped
    if not whole and explained(lambda p: 1.0):
        raise Mistake("scale_missing", mean=0.7, **said)
    if explained(lambda p: 1 / p):
        raise Mistake("scale_one_over_p", ratio=1 / 0.3, **said)
    for p, (x, y, alive) in seen.items():
        expect_equal(torch.where(alive, y, 0), torch.where(alive, x / (1 - p), 0), rtol=NEAR)


def test_rate(solution):
    """The share of zeros is p. Chernoff's bound: with 20,000 coins a rate off by 0.04 is missed below 1e-6."""
    counts, masks = {}, {}
    for p in (0.3, 0.1, 0.8):
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
    """Each call draws anew: three of one object and one of another, every pair differs at rate 2p(1-p).

    A mask that is always the same, one that goes with the seed alone (the generator is put back after the draw) and a
    generator that is seeded inside are told apart by a second run from another seed.
    Of 200 masks over 60 elements at p = 0.5 two are alike with probability 200²/2 · 2^-60 < 1e-13; out of a thousand
    prepared ones 200 calls draw none twice with probability below 1e-8. They are drawn under no_grad, for a mask kept
    there is as stale; calls in pairs differ at rate 1/2, and no element is dropped at a rate of its own.
    """
    p, x = 0.3, signed(40, 50)
    helper = solution.build(HELPER)
    masks = [expect_tensor(y, shape=x.shape) != 0 for y in helper.several(x, p, 3)]
    reseeded = solution.reseeded
    others = [y != 0 for y in helper.several(x, p, 1)]
    solution.call = f"ManualDropout({p}).forward(x), again and again"
    mixed = bool(masks[0].any()) and not bool(masks[0].all())
    if mixed and any(torch.equal(a, b) for a, b in itertools.combinations(masks, 2)):
        said = {"got": "two calls, one mask", "picture": Mask(*(Mask.of(each, p).yours for each in masks[:2]))}
        if reseeded:
            raise Mistake("reseeds", **said)
        if all(torch.equal(masks[0], each) for each in masks):
            if torch.equal(masks[0], others[0]):
                raise Mistake("same_mask_again", **said)
            raise Mistake("generator_put_back", **said)
        if all(torch.equal(masks[0], each) for each in masks[:3]):  # the other object has its own
            raise Mistake("same_mask_again", **said)
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
    """The coins come from torch's global generator: its seed decides them, nothing else does.

    It is not reseeded, and backward does not set it back: then the numbers drawn before and after it would be equal,
    four floats by chance with probability 2^-96.
    """
    x = signed(30, 40)
    ys = []
    for seed, other in ((7, 1), (7, 2), (8, 1)):
        layer = solution.ManualDropout(0.4)
        with solution.seeded(seed, other=other):
            ys.append(layer.forward(x, True))
            reseeded = solution.reseeded
            layer.backward(x)
        if reseeded or solution.reseeded:
            raise Mistake("reseeds", got="torch.initial_seed() changed")
    if not torch.equal(ys[0], ys[1]) or torch.equal(ys[0], ys[2]):
        raise Mistake("other_generator", got="torch.manual_seed does not decide the mask")
    before, after = solution.build(HELPER).stream(x, signed(30, 40), 0.4)
    if torch.equal(before, after):
        raise Mistake("sets_the_generator_back", got="the same numbers before and after backward")


def test_backward(solution):
    """backward gives grad_out·mask/(1-p), with the forward's mask. A formula is named if it holds at 0.3 and 0.8."""
    seen = {p: both(solution, p, 40, 50) for p in (0.3, 0.8)}

    def explained(formula):
        return all(same(grad, formula(x, alive, g, p)).all() for p, (x, alive, g, grad) in seen.items())

    x, alive, g, grad = seen[0.3]
    if explained(lambda x, alive, g, p: through(alive, g, p)):
        g = g * torch.linspace(-1000.0, 1000.0, 50)
        g[::3] = 0.0
        layer = solution.ManualDropout(0.1)
        alive = layer.forward(x, True) != 0
        expect_equal(layer.backward(g).abs(), through(alive, g, 0.1).abs(), rtol=NEAR)
        _, alive, g, grad = both(solution, 0.5, 90, 100)
        expect_equal(grad, through(alive, g, 0.5), rtol=NEAR)
        return
    said = {
        "p": 0.3,
        "got": f"grad/grad_out = {float((grad / g)[alive].median()):.4g} where kept",
        "expected": f"{1 / 0.7:.4g}",
    }
    if explained(lambda x, alive, g, p: g):
        raise Mistake("straight_through", **said)
    if explained(lambda x, alive, g, p: torch.where(alive, g, 0)):
        raise Mistake("scale_forgotten", **said)
    if explained(lambda x, alive, g, p: g / (1 - p)):
        raise Mistake("mask_forgotten", **said)
    if explained(lambda x, alive, g, p: through(alive, g, p) / (1 - p)):
        raise Mistake("scaled_twice", ratio=1 / 0.49, **said)
    if explained(lambda x, alive, g, p: torch.where(alive, g * (1 - p), 0)):
        raise Mistake("divided_instead", ratio=0.7, **said)
    if explained(lambda x, alive, g, p: through(~alive, g, p)):
        raise Mistake("inverted_mask", **said)
    if explained(lambda x, alive, g, p: through(alive, g * x, p)):
        raise Mistake("times_the_output", **said)
    if all(other_mask(*each[1:], p) for p, each in seen.items()):
        wrong = int(((grad != 0) != alive).sum())
        raise Mistake("another_mask", p=0.3, wrong=wrong, total=grad.numel())
    for p, (_, alive, g, grad) in seen.items():
        expect_equal(grad, through(alive, g, p), rtol=NEAR)


def other_mask(alive, g, grad, p):
    """Right values, on coins that are independent of the forward's: they differ at rate 2p(1-p)."""
    hit = same(grad, g / (1 - p)) | (grad == 0)
    return bool(hit.all()) and statistics.rate_holds(int(((grad != 0) != alive).sum()), grad.numel(), 2 * p * (1 - p))


def test_zeros_in_x(solution):
    """Where x is 0 the gradient is that of any element: g/(1-p) with probability 1-p, else 0. 2,000 coins."""
    p, x, g = 0.4, signed(50, 80), signed(50, 80)
    x[:, ::2] = 0.0
    layer = solution.ManualDropout(p)
    layer.forward(x, True)
    grad = expect_tensor(layer.backward(g), shape=g.shape)
    at = grad[:, ::2]
    if at.isnan().any() and not grad[:, 1::2].isnan().any():
        raise Mistake("divides_by_x", count=int(at.isnan().sum()), got="nan", expected="0 or grad_out/(1-p)")
    share = float((at != 0).float().mean())
    if share in (0.0, 1.0):
        raise Mistake("mask_from_the_output", p=p, share=share, got=f"{share:.0%} have a gradient", expected="60%")
    expect(
        bool(((at == 0) | same(at, g[:, ::2] / (1 - p))).all()), "wrong gradients where x is 0", "x 为 0 处的梯度不对"
    )
    expect(
        statistics.rate_holds(int((at != 0).sum()), at.numel(), 1 - p),
        f"a share of {share:.3f} has a gradient where x is 0",
        f"x 为 0 处有 {share:.3f} 的元素有梯度",
        got=f"{share:.3f}",
        expected="0.6",
    )


def test_eval_backward(solution):
    """After a forward in eval the gradient is grad_out, also if a forward in training went before."""
    for p in (0.3, 0.8, 1.0):
        x, g = signed(20, 30), signed(20, 30)
        layer = solution.ManualDropout(p)
        layer.forward(x, False)
        try:
            grad = expect_tensor(layer.backward(g), shape=g.shape, dtype=g.dtype)
        except ForbiddenCall:
            raise
        except SubmissionError as error:
            raise Mistake("no_backward_in_eval", got=str(error), expected="grad_out") from None
        if p in (0.3, 0.8) and same(grad, g / (1 - p)).all():
            raise Mistake(
                "eval_gradient_scaled", ratio=1 / (1 - p), p=p, got=f"grad/grad_out = {1 / (1 - p):.4g}", expected="1"
            )
        expect_equal(grad, g, rtol=NEAR)
        if p == 1.0:
            continue
        alive = layer.forward(x, True) != 0
        layer.forward(x, False)
        grad = layer.backward(g)
        if same(grad, through(alive, g, p)).all():
            raise Mistake("stale_after_eval", p=p, got="the mask of the forward in training", expected="grad_out")
        expect_equal(grad, g, rtol=NEAR)


def test_latest_forward(solution):
    """The gradient belongs to the latest forward: of two in training, of one after eval, of one with another shape, of one under no_grad."""
    p = 0.4
    x, g = signed(20, 30), signed(20, 30)
    layer = solution.ManualDropout(p)
    first = layer.forward(x, True) != 0
    second = layer.forward(x, True) != 0
    grad = expect_tensor(layer.backward(g), shape=g.shape)
    if same(grad, through(first, g, p)).all() and not torch.equal(first, second):
        raise Mistake("first_mask_kept", got="the mask of the forward before", expected="that of the latest")
    expect_equal(grad, through(second, g, p), rtol=NEAR)
    third = layer.forward(-x, True) != 0
    expect_equal(layer.backward(g), through(third, g, p), rtol=NEAR)
    wide, up = signed(3, 4, 50), signed(3, 4, 50)
    fourth = layer.forward(wide, True) != 0
    expect_equal(layer.backward(up), through(fourth, up, p), rtol=NEAR)
    with torch.no_grad():
        under = layer.forward(wide, True) != 0
        expect_equal(layer.backward(up), through(under, up, p), rtol=NEAR)
    layer.forward(x, False)
    fifth = layer.forward(x, True) != 0
    grad = layer.backward(g)
    if same(grad, g).all():
        raise Mistake("eval_sticks", got="grad_out", expected="mask/(1-p) times it")
    expect_equal(grad, through(fifth, g, p), rtol=NEAR)


def test_second_backward(solution):
    """A second backward, with the same grad_out, gives the same gradient or raises."""
    p = 0.4
    x, g = signed(20, 30), signed(20, 30)
    layer = solution.ManualDropout(p)
    older = layer.forward(x, True) != 0
    alive = layer.forward(x, True) != 0
    layer.backward(g)
    want = through(alive, g, p)
    for _ in range(2):
        try:
            again = layer.backward(g)
        except ForbiddenCall:
            raise
        except SubmissionError:
            return
        expect_tensor(again, shape=g.shape)
        if same(again, through(older, g, p)).all():
            raise Mistake("pops_an_older_one", got="the gradient of the forward before", expected="the same gradient")
        if same(again, want * g).all():
            raise Mistake("mask_overwritten", got="grad_out twice in the product", expected="the same gradient")
        if same(again, want / (1 - p)).all():
            raise Mistake(
                "scale_grows", ratio=1 / (1 - p), p=p, got="1/(1-p) more than before", expected="the same gradient"
            )
        if same(again, want * 2).all():
            raise Mistake("accumulates", got="twice the gradient", expected="the same gradient")
        expect_equal(again, want, rtol=NEAR)


def test_two_objects(solution):
    """Two objects do not share a mask: the backward of the first follows its own forward, and p is its own."""
    x, g = signed(20, 30), signed(20, 30)
    for p, q in ((0.3, 0.6), (0.4, 0.4)):
        one, two = solution.ManualDropout(p), solution.ManualDropout(q)
        alive, other = one.forward(x, True) != 0, two.forward(x, True) != 0
        grad = expect_tensor(one.backward(g), shape=g.shape)
        if same(grad, through(other, g, q)).all() or same(grad, through(other, g, p)).all():
            raise Mistake("shared_by_objects", got="the mask of the other object", expected="its own")
        expect_equal(grad, through(alive, g, p), rtol=NEAR)
        expect_equal(two.backward(g), through(other, g, q), rtol=NEAR)


def test_results_stand(solution):
    """What forward and backward returned is still there after the next forward and backward."""
    then, now = solution.build(HELPER).results(signed(20, 30), signed(20, 30), 0.3)
    solution.call = "y = m.forward(x); grad = m.backward(g); m.forward(-x); m.backward(-g)"
    for name, before, after in zip(("forward", "backward"), then, now, strict=True):
        if not torch.equal(before, after):
            raise Mistake(
                "overwrites_its_result", name=name, got="another tensor after the next call", expected="the same values"
            )


def test_p_one(solution):
    """At p = 1 output and gradient are zeros, not NaN; at p = 0 they are x and grad_out."""
    x, g = signed(13, 17), signed(13, 17)
    layer = solution.ManualDropout(1.0)
    for name, value in (("forward", layer.forward(x, True)), ("backward", layer.backward(g))):
        expect_tensor(value, shape=x.shape, dtype=x.dtype)
        if value.isnan().any():
            raise Mistake(
                "nan_at_one", name=name, count=int(value.isnan().sum()), total=value.numel(), got="nan", expected="0"
            )
        expect_equal(value.abs(), torch.zeros_like(x))
    layer = solution.ManualDropout(0.0)
    expect_equal(layer.forward(x, True), x, rtol=NEAR)
    expect_equal(layer.backward(g), g, rtol=NEAR)


def test_dtypes(solution):
    """float16, bfloat16, float32 and float64 come back as they went in, from forward and from backward."""
    for dtype, tol in HALF.items():
        p, x, g = 0.3, signed(30, 40, dtype=dtype), signed(30, 40, dtype=dtype)
        layer = solution.ManualDropout(p)
        y, grad = layer.forward(x, True), layer.backward(g)
        layer.forward(x, False)
        for name, value in (("forward", y), ("backward", grad), ("backward", layer.backward(g))):
            expect_tensor(value, shape=x.shape)
            if dtype in (torch.float16, torch.bfloat16) and value.dtype is torch.float32:
                went = str(dtype).removeprefix("torch.")
                raise Mistake("promoted", name=name, went=went, got="float32", expected=went)
            expect_tensor(value, dtype=dtype)
        alive = y != 0
        wide = x + x * torch.rand(30, 40, dtype=dtype) / 16  # all the digits of float64
        expect_equal(layer.forward(wide, False), wide)
        expect_equal(y.double(), through(alive, x.double(), p), rtol=tol)
        expect_equal(grad.double(), through(alive, g.double(), p), rtol=tol)
        expect(
            statistics.rate_holds(int(alive.sum()), x.numel(), 1 - p),
            "the drop rate is off in this dtype",
            "该 dtype 下的丢弃率不对",
            got=f"{float((~alive).float().mean()):.3f}",
            expected=f"{p}",
        )


def test_shapes(solution):
    """0-d, empty, one element, 1-d, 4-d, 6-d and non-contiguous tensors, forward and backward, in training and in eval."""
    p = 0.4
    helper = solution.build(HELPER)
    for shape in ((1,), (), (0,), (3, 0, 2), (9,), (2, 3, 4, 5), (1, 1, 1), (2, 1, 3, 1, 2, 2)):
        x, g = signed(*shape), signed(*shape)
        for training in (True, False):
            try:
                y, grad = helper.both_ways(x, g, p, training)
            except ForbiddenCall:
                raise
            except SubmissionError as error:
                if shape == ():  # the one element of shape (1,) went well before
                    raise Mistake("zero_d_refused", got=str(error), expected="a 0-d tensor") from None
                raise
            expect_tensor(y, shape=shape, dtype=x.dtype)
            expect_tensor(grad, shape=shape, dtype=x.dtype)
            scale = torch.where(y == 0, 0.0, 1 / (1 - p) if training else 1.0)
            right = same(y, x * scale) & same(grad, g * scale)
            expect(bool(right.all()), f"wrong values for an input of shape {shape}", f"形状为 {shape} 的输入结果不对")
    scalars = int(solution.build(HELPER).masks(torch.tensor(1.5), p, 60).sum())  # all alike: 0.6^60 + 0.4^60 < 1e-13
    expect(
        0 < scalars < 60,
        "a 0-d input is never dropped, or always",
        "0-d 输入总是保留或总是丢弃",
        got=f"{scalars} / 60",
        expected="≈ 36 / 60",
    )
    views = (
        (signed(30, 20).t(), signed(20, 30)),
        (signed(40, 30)[::2, 5:25], signed(20, 20).t()),
        (signed(25, 40), signed(1, 40).expand(25, 40)),
    )
    for x, g in views:
        y, grad = helper.both_ways(x, g, p, True)
        alive = expect_tensor(y, shape=x.shape) != 0
        expect_equal(y, torch.where(alive, x / (1 - p), 0), rtol=NEAR)
        expect_equal(grad, through(alive, g, p), rtol=NEAR)
        expect(
            statistics.rate_holds(int(alive.sum()), x.numel(), 1 - p),
            "wrong drop rate for a non-contiguous input",
            "非连续输入的丢弃率不对",
        )


def test_arguments_untouched(solution):
    """forward leaves x as it was, backward grad_out, whatever p and the mode."""
    for p, training in ((0.5, True), (1.0, True), (0.0, True), (0.5, False)):
        layer = solution.ManualDropout(p)
        layer.forward(signed(12, 15), training)
        if solution.changed:
            raise Mistake("changes_the_input", p=p)
        layer.backward(signed(12, 15))
        if solution.changed:
            raise Mistake("changes_grad_out", p=p)


def test_device(solution):
    """The mask is made where x lives: seen with tensors that pose as living on another device."""
    solution.build(HELPER)
    for training in (True, False):
        if solution.device_of("both_ways_of_the_judge", signed(12, 15), signed(12, 15), 0.5, training) in (
            "mixed",
            "here",
        ):
            raise Mistake("mask_on_cpu", got="a CPU mask met x on another device")
