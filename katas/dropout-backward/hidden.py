"""Checks for `ManualDropout`: `__init__(p)`, `forward(x, training=True)`, `backward(grad_out)`.

Each statistical test spends at most ALPHA = 1e-11 of false alarm; the suite has fewer than ninety of them, so a right
answer is turned away with probability below 1e-9 a run. About 270,000 coins are drawn in all, so that a plain Python
loop is judged within its twenty seconds. Inputs have both signs and no repeated value, and no zeros where the mask is
read off the output. Values are exact up to the order of a product and a division: 1e-5 in float32.
"""

import itertools
from functools import partial

import torch

from interview.grading.checks import masks as coins
from interview.grading.checks import statistics
from interview.grading.checks.expect import Mask, Mistake, Unseen, Words, expect, expect_equal, expect_tensor
from interview.grading.checks.masks import (
    expect_binomial,
    expect_blind,
    expect_calls_independent,
    expect_even_rates,
    expect_independent,
    expect_new_masks,
    expect_no_repeats,
    expect_own_coins,
    expect_rate,
    extreme_off,
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
SAME_GRADIENT = Words("the same gradient", "同样的梯度")
CPU_MASK = Words("a CPU mask met x on another device", "CPU 上的掩码遇到了另一个 device 上的 x")

HELPER = """
import torch

def several(x, p, count):
    one = submission.ManualDropout(p)
    found = [y.clone() for y in again(lambda each: one.forward(each, True), x, count)]
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
    return torch.stack([y != 0 for y in again(lambda each: one.forward(each, True), x, times)])

submission.both_ways_of_the_judge = both_ways
"""


same = partial(coins.same, tol=NEAR)


def forward(solution, x, p):
    y = solution.ManualDropout(p).forward(x, True)
    solution.call = f"ManualDropout({p}).forward(x, training=True)    x: {shape_of(x)}"
    return expect_tensor(y, shape=x.shape)


def kept(solution, p, *shape):
    """Which elements of a signed input survive one forward in training."""
    return forward(solution, signed(*shape), p) != 0


def many_masks(solution, x, p, times):
    return coins.many_masks(solution, HELPER, f"ManualDropout({p}).forward(x, training=True)", x, p, times)


def told(solution, shown, name, *args):
    return coins.told(solution, HELPER, shown, name, *args)


def both_ways(solution, x, g, p, training):
    """forward and backward of a new object."""
    shown = f"m = ManualDropout({p}); m.forward(x, {training}); m.backward(grad_out)    x: {shape_of(x)}"
    return told(solution, shown, "both_ways", x, g, p, training)


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
    came = tried(solution)
    named = [each for each in solution.forbidden if "dropout" in each.lower()]
    if named:
        raise Mistake("ready_made", name=named[0])
    if "forward" not in came:
        raise Unseen


def test_without_autograd(solution):
    """The gradient is computed by hand: torch.autograd and Tensor.backward are not called."""
    came = tried(solution)
    named = [each for each in solution.forbidden if "dropout" not in each.lower()]
    if named:
        raise Mistake(
            "uses_autograd",
            name=named[0]
            .replace("torch.grad", "torch.autograd.grad")
            .replace("torch.backward", "torch.autograd.backward"),
        )
    if "backward" not in came:
        raise Unseen


def tried(solution):
    """One round in training and one in eval: what came back. What raises is told by the checks that look at it."""
    x, g, came = signed(3, 4), signed(3, 4), set()
    for training in (True, False):
        try:
            layer = solution.ManualDropout(0.3)
            layer.forward(x, training)
            came.add("forward")
            layer.backward(g)
            came.add("backward")
        except SubmissionError:
            continue
    return came


def test_interface(solution):
    """Positional and keyword arguments, training = True by default, tensors of the input's shape and dtype.

    400 coins at p = 1/4 are all kept, or all scaled otherwise, with probability 0.75^400 < 1e-49.
    """
    x, g = signed(20, 20), signed(20, 20)
    layer = solution.ManualDropout(p=0.25)
    expect_tensor(layer.forward(x=x, training=True), shape=x.shape, dtype=x.dtype)
    expect_tensor(layer.backward(grad_out=g), shape=g.shape, dtype=g.dtype)
    if torch.equal(solution.ManualDropout(0.25).forward(x, True), x):
        raise Mistake("never_drops", got="forward(x, True) == x", expected=QUARTER)
    if torch.equal(solution.ManualDropout(0.25).forward(x), x):
        raise Mistake("eval_by_default", got="forward(x) == x")


def test_range_of_p(solution):
    """p in [0, 1] is accepted, its ends included; anything else is refused, NaN and infinity too, at construction or at forward."""
    for p, training in itertools.product((0.3, 0.0, 1.0), (True, False)):
        if refuses(solution, p, training):
            end = p in (0.0, 1.0) and not refuses(solution, 0.3, training)
            solution.call = shown(p, training)
            if end:
                raise Mistake("ends_refused", p=p)
            expect(False, f"p = {p} was rejected", f"p = {p} 被拒绝")
    outside = (-0.1, 1.1, -3.0, 2.0)
    accepted = {training: [p for p in outside if not refuses(solution, p, training)] for training in (True, False)}
    nan = {training: not refuses(solution, NAN, training) for training in (True, False)}
    every = list(outside)
    if accepted == {True: every, False: every} and nan[True] and nan[False]:
        solution.call = shown(outside[0], True)
        raise Mistake("no_range_check", p=outside[0])
    if nan[True] and nan[False] and not accepted[True] and not accepted[False]:
        solution.call = shown(NAN, True)
        raise Mistake("nan_accepted")
    if not accepted[True] and not nan[True] and accepted[False] == every and nan[False]:
        solution.call = shown(outside[0], False)
        raise Mistake("checked_in_training_only", p=outside[0])
    for training in (True, False):
        for p in [*accepted[training], *([NAN] if nan[training] else [])]:
            solution.call = shown(p, training)
            expect(False, f"p = {p} was accepted", f"p = {p} 没有报错", expected="ValueError")
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
    finally:
        solution.call = shown(p, training)
    return False


def shown(p, training):
    return f"ManualDropout({p:.7g}).forward(x, training={training})    x: (4, 5) float32"


def test_eval(solution):
    """In eval the output is x, bit by bit, each time."""
    for p in (0.3, 0.8, 0.0, 1.0):
        x = signed(24, 31)
        layer = solution.ManualDropout(p)
        y = expect_tensor(layer.forward(x, False), shape=x.shape, dtype=x.dtype)
        zeros = int((y == 0).sum())
        if p in (0.3, 0.8) and zeros and statistics.rate_holds(zeros, y.numel(), p):
            raise Mistake("drops_in_eval", p=p, share=zeros / y.numel(), got=Words("zeros", "出现了零"), expected="x")
        if p in (0.3, 0.8) and same(y, x * (1 - p)).all():
            raise Mistake("eval_times_keep", p=p, ratio=1 - p, got=f"y/x = {1 - p:.4g}", expected="y/x = 1")
        expect_equal(y, x)
        expect_equal(layer.forward(x, training=False), x)


def test_survivors(solution):
    """Each element of forward's output is 0 or x/(1-p). A wrong scale is named if it holds at p = 0.3 and at 0.8."""
    seen, calls = {}, {}
    for p in (0.3, 0.8, 0.1, 0.97):  # 2,000 coins at 0.97: none survives with probability 0.97^2000 < 1e-26
        x = signed(40, 50)
        y = forward(solution, x, p)
        seen[p] = x, y, y != 0
        calls[p] = solution.call
        expect((y != 0).any(), f"nothing survives at p = {p}", f"p = {p} 时没有任何元素保留", got=ALL_ZEROS)

    def explained(scale):
        return all(same(y, x * scale(p))[alive].all() for p, (x, y, alive) in seen.items() if p in (0.3, 0.8))

    solution.call = calls[0.3]
    x, y, alive = seen[0.3]
    said = {"p": 0.3, "got": f"y/x = {float((y / x)[alive].median()):.4g}", "expected": f"y/x = {1 / 0.7:.4g}"}
    whole = any(alive.all() for p, (x, y, alive) in seen.items() if p in (0.3, 0.8))  # nothing is dropped
    if not whole and explained(lambda p: 1.0):
        raise Mistake("scale_missing", mean=float(alive.float().mean()), **said)
    if explained(lambda p: 1 / p) and statistics.rate_holds(int(alive.sum()), alive.numel(), 0.7):
        raise Mistake("scale_one_over_p", ratio=1 / 0.3, **said)
    for p, (x, y, alive) in seen.items():
        solution.call = calls[p]
        expect_equal(torch.where(alive, y, 0), torch.where(alive, x / (1 - p), 0), rtol=NEAR)


def test_rate(solution):
    """The share of zeros is p. Chernoff's bound: with 20,000 coins a rate off by 0.04 is missed below 1e-6."""
    counts, masks, calls = {}, {}, {}
    for p in (0.3, 0.1, 0.8):
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
    solution.call = calls[p]
    expect_rate(*counts[p], p)


def test_extreme_p(solution):
    """p next to 0 or 1 counts, in half precision too, where a coin has few bits; see `extreme_off`."""

    def expect_values(x, y, p):
        expect_equal(y.double(), torch.where(y == 0, 0, x.double() / (1 - p)), rtol=HALF[x.dtype])

    off = extreme_off(solution, partial(forward, solution), expect_values)
    if not off:
        return
    raise off.wrong()


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
    """Each call draws anew: three of one object and one of another, every pair differs at rate 2p(1-p).

    A mask that is always the same, one that goes with the seed alone (the generator is put back after the draw) and a
    generator that is seeded inside are told apart by a second run from another seed.
    Then 200 small masks, see `expect_new_masks`. They are drawn under no_grad, for a mask kept there is as stale.
    """
    p, x = 0.3, signed(40, 50)
    shown = f"ManualDropout({p}).forward(x, training=True) × 3    x: {shape_of(x)}"
    masks = [expect_tensor(y, shape=x.shape) != 0 for y in told(solution, shown, "several", x, p, 3)]
    reseeded = solution.reseeded
    others = [y != 0 for y in told(solution, shown, "several", x, p, 1)]
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
        if all(torch.equal(masks[0], each) for each in masks[:3]):  # the other object has its own
            raise Mistake("same_mask_again", **said)
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
            raise Mistake(
                "reseeds", got=Words("the generator has left the stream of its seed", "生成器离开了原种子的随机序列")
            )
    if not torch.equal(ys[0], ys[1]) or torch.equal(ys[0], ys[2]):
        raise Mistake("other_generator")
    shown = f"m = ManualDropout(0.4); m.forward(x, True); m.backward(grad_out)    x: {shape_of(x)}"
    before, after = told(solution, shown, "stream", x, signed(30, 40), 0.4)
    if torch.equal(before, after):
        got = Words("the same numbers before and after backward", "backward 前后抽到的数相同")
        raise Mistake("sets_the_generator_back", got=got)


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
    ratio = f"grad/grad_out = {float((grad / g)[alive].median()):.4g}"
    said = {
        "p": 0.3,
        "got": Words(f"{ratio} where kept", f"保留处 {ratio}"),
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
        raise Mistake(
            "divides_by_x",
            count=int(at.isnan().sum()),
            got="nan",
            expected=Words("0 or grad_out/(1-p)", "0 或 grad_out/(1-p)"),
        )
    share = float((at != 0).float().mean())
    if share in (0.0, 1.0):
        got = Words(f"{share:.0%} have a gradient", f"{share:.0%} 有梯度")
        raise Mistake("mask_from_the_output", p=p, share=share, got=got, expected="60%")
    expect(
        bool(((at == 0) | same(at, g[:, ::2] / (1 - p))).all()), "wrong gradients where x is 0", "x 为 0 处的梯度不对"
    )
    expect(
        statistics.rate_holds(int((at != 0).sum()), at.numel(), 1 - p),
        f"{share:.1%} have a gradient where x is 0",
        f"x 为 0 处有 {share:.3f} 的元素有梯度",
        got=f"{share:.3f}",
        expected="0.6",
    )


def test_eval_backward(solution):
    """After a forward in eval the gradient is grad_out, a second one too (or it raises), also if a forward in training
    went before.
    """
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
        try:
            twice = layer.backward(g)
        except ForbiddenCall:
            raise
        except SubmissionError:
            pass
        else:
            expect_equal(twice, g, rtol=NEAR)
        if p == 1.0:
            continue
        alive = layer.forward(x, True) != 0
        layer.forward(x, False)
        grad = layer.backward(g)
        if same(grad, through(alive, g, p)).all():
            got = Words("the mask of the forward in training", "训练时那次 forward 的掩码")
            raise Mistake("stale_after_eval", p=p, got=got, expected="grad_out")
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
        got = Words("the mask of the forward before", "前一次 forward 的掩码")
        raise Mistake("first_mask_kept", got=got, expected=Words("that of the latest", "最近一次的掩码"))
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
        raise Mistake("eval_sticks", got="grad_out", expected=Words("mask/(1-p) times it", "grad_out 乘以 mask/(1-p)"))
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
            raise Mistake(
                "pops_an_older_one",
                got=Words("the gradient of the forward before", "更早一次 forward 的梯度"),
                expected=SAME_GRADIENT,
            )
        if same(again, want * g).all():
            raise Mistake(
                "mask_overwritten",
                got=Words("grad_out twice in the product", "grad_out 乘了两次"),
                expected=SAME_GRADIENT,
            )
        if same(again, want / (1 - p)).all():
            raise Mistake(
                "scale_grows",
                ratio=1 / (1 - p),
                p=p,
                got=Words("1/(1-p) more than before", "比上一次又多乘了 1/(1-p)"),
                expected=SAME_GRADIENT,
            )
        if same(again, want * 2).all():
            raise Mistake("accumulates", got=Words("twice the gradient", "两倍的梯度"), expected=SAME_GRADIENT)
        expect_equal(again, want, rtol=NEAR)


def test_two_objects(solution):
    """Two objects do not share a mask: the backward of the first follows its own forward, and p is its own."""
    x, g = signed(20, 30), signed(20, 30)
    for p, q in ((0.3, 0.6), (0.4, 0.4)):
        one, two = solution.ManualDropout(p), solution.ManualDropout(q)
        alive, other = one.forward(x, True) != 0, two.forward(x, True) != 0
        grad = expect_tensor(one.backward(g), shape=g.shape)
        if same(grad, through(other, g, q)).all() or same(grad, through(other, g, p)).all():
            got = Words("the mask of the other object", "另一个对象的掩码")
            raise Mistake("shared_by_objects", got=got, expected=Words("its own", "自己的掩码"))
        expect_equal(grad, through(alive, g, p), rtol=NEAR)
        expect_equal(two.backward(g), through(other, g, q), rtol=NEAR)


def test_results_stand(solution):
    """What forward and backward returned is still there after the next forward and backward."""
    shown = "y = m.forward(x); grad = m.backward(g); m.forward(-x); m.backward(-g)"
    then, now = told(solution, shown, "results", signed(20, 30), signed(20, 30), 0.3)
    for name, before, after in zip(("forward", "backward"), then, now, strict=True):
        if not torch.equal(before, after):
            raise Mistake(
                "overwrites_its_result",
                name=name,
                got=Words("another tensor after the next call", "下一次调用之后变了"),
                expected=Words("the same values", "值不变"),
            )


def test_p_one(solution):
    """At p = 1 output and gradient are zeros, not NaN; at p = 0 they are x and grad_out."""
    x, g = signed(13, 17), signed(13, 17)
    layer = solution.ManualDropout(1.0)
    for name, call in (("forward", lambda: layer.forward(x, True)), ("backward", lambda: layer.backward(g))):
        value = call()
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
        if dtype is torch.bfloat16:
            x[:10] *= 2.0**40  # float16 has no such values
            g[:10] *= 2.0**40
        layer = solution.ManualDropout(p)
        calls = {}
        y = layer.forward(x, True)
        calls["forward"] = solution.call
        grad = layer.backward(g)
        calls["backward"] = solution.call
        layer.forward(x, False)
        for name, value in (("forward", y), ("backward", grad), ("backward", layer.backward(g))):
            solution.call = calls[name]
            expect_tensor(value, shape=x.shape)
            if dtype in (torch.float16, torch.bfloat16) and value.dtype is torch.float32:
                went = str(dtype).removeprefix("torch.")
                raise Mistake("promoted", name=name, went=went, got="float32", expected=went)
            expect_tensor(value, dtype=dtype)
        alive = y != 0
        wide = x + x * torch.rand(30, 40, dtype=dtype) / 16  # all the digits of float64
        expect_equal(layer.forward(wide, False), wide)
        solution.call = calls["backward"]
        expect_equal(grad.double(), through(alive, g.double(), p), rtol=tol)
        solution.call = calls["forward"]
        expect_equal(y.double(), through(alive, x.double(), p), rtol=tol)
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
    for shape in ((1,), (), (0,), (3, 0, 2), (9,), (2, 3, 4, 5), (1, 1, 1), (2, 1, 3, 1, 2, 2)):
        x, g = signed(*shape), signed(*shape)
        for training in (True, False):
            try:
                y, grad = both_ways(solution, x, g, p, training)
            except ForbiddenCall:
                raise
            except SubmissionError as error:
                if shape == ():  # the one element of shape (1,) went well before
                    raise Mistake(
                        "zero_d_refused", got=str(error), expected=Words("a 0-d tensor", "0-d tensor")
                    ) from None
                raise
            expect_tensor(y, shape=shape, dtype=x.dtype)
            expect_tensor(grad, shape=shape, dtype=x.dtype)
            scale = torch.where(y == 0, 0.0, 1 / (1 - p) if training else 1.0)
            right = same(y, x * scale) & same(grad, g * scale)
            expect(bool(right.all()), f"wrong values for an input of shape {shape}", f"形状为 {shape} 的输入结果不对")
    scalars = int(many_masks(solution, torch.tensor(1.5), p, 60).sum())  # all alike: 0.6^60 + 0.4^60 < 1e-13
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
        y, grad = both_ways(solution, x, g, p, True)
        alive = expect_tensor(y, shape=x.shape) != 0
        expect_equal(y, torch.where(alive, x / (1 - p), 0), rtol=NEAR)
        expect_equal(grad, through(alive, g, p), rtol=NEAR)
        expect(
            statistics.rate_holds(int(alive.sum()), x.numel(), 1 - p),
            "wrong drop rate for a non-contiguous input",
            "非连续输入的丢弃率不对",
        )


def test_arguments_untouched(solution):
    """forward leaves x as it was, backward grad_out, whatever p, the mode and the dtype."""
    modes = [(p, training, torch.float32) for p, training in ((0.5, True), (1.0, True), (0.0, True), (0.5, False))]
    for p, training, dtype in (*modes, (0.5, True, torch.float64), (0.5, True, torch.float16)):
        layer = solution.ManualDropout(p)
        layer.forward(signed(12, 15, dtype=dtype), training)
        if solution.changed:
            raise Mistake("changes_the_input", p=p)
        layer.backward(signed(12, 15, dtype=dtype))
        if solution.changed:
            raise Mistake("changes_grad_out", p=p)


def test_device(solution):
    """The mask is made where x lives: seen with tensors that pose as living on another device."""
    solution.build(HELPER)
    for p, training in ((0.5, True), (0.5, False), (1.0, True), (0.0, True)):
        try:
            place = solution.device_of("both_ways_of_the_judge", signed(12, 15), signed(12, 15), p, training)
        finally:
            solution.call = (
                f"m = ManualDropout({p}); m.forward(x, {training}); m.backward(grad_out)    x: (12, 15) float32"
            )
        if place in ("mixed", "here"):
            raise Mistake("mask_on_cpu", got=CPU_MASK)
