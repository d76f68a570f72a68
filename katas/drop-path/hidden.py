"""Checks for `drop_path(x, p=0.0, training=True)` and `linear_rates(depth, p_max)`.

A coin is a whole sample here, so the samples are small (often 1 x 1 x 2) and many. Each statistical test spends at
most ALPHA = 1e-11 of false alarm and the suite has fewer than eighty of them: a right answer is turned away with
probability below 1e-9 a run. About 120,000 samples are drawn in all, few of them with a graph, so that a plain Python
loop over samples is judged within its twenty seconds. Inputs have both signs, no zeros and no repeated value; p is rarely
one half, where keep and drop, 1/p and 1/(1-p), coincide.
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
MOST_DROPPED = Words("about 9 in 10 samples dropped", "约九成的样本被丢弃")
A_COIN_EACH = Words("a coin for each sample", "每个样本各抽一次")
HELPER = """
import torch

def many(x, p, count):
    return torch.stack(list(again(lambda each: submission.drop_path(each, p, True), x, count)))
"""
WHOLE = {torch.bfloat16: 4}  # calls of 3,000 samples at p = 0
HALF = {
    torch.float16: 1e-2,
    torch.bfloat16: 4e-2,
    torch.float32: ULP4,
    torch.float64: ULP4,
}  # a factor made in float32 will do


def many_calls(solution, x, p, count):
    """The results of as many calls, stacked; made on the submission's side, for a small call costs less than its journey."""
    try:
        return solution.build(HELPER).many(x, p, count)
    finally:
        solution.call = f"drop_path(x, p={p}, training=True) × {count}    x: {shape_of(x)}"


def whole(y):
    """Is each sample zero everywhere or nowhere?"""
    alive = (y != 0).flatten(1)
    return bool((alive == alive[:, :1]).all())


def kept(solution, p, n):
    """Which of n samples (1, 1, 2) of a signed input survive one call in training, as their first element tells.

    Of 400 samples and more none or all dropped has probability below 0.88^400 = 1e-22 at the p used here.
    """
    y = expect_tensor(solution.drop_path(signed(n, 1, 1, 2), p, True), shape=(n, 1, 1, 2))
    alive = y[:, 0, 0, 0] != 0
    expect(n < 400 or alive.any(), f"every sample is zero at p = {p}", f"p = {p} 时所有样本都是零")
    expect(n < 400 or not alive.all(), f"no sample is zero at p = {p}", f"p = {p} 时没有任何样本为零")
    return alive


def test_from_scratch(solution):
    """No ready-made dropout is called, in training or in eval, whether or not its refusal is caught."""
    for training in (True, False):
        try:
            solution.drop_path(signed(5, 3, 2, 2), 0.3, training)
        except Exception as error:
            if isinstance(error, ForbiddenCall) or solution.forbidden:
                raise Mistake("ready_made", name=solution.forbidden[0]) from None
            raise Unseen from None  # any other exception is the next check's to tell
        if solution.forbidden:
            raise Mistake("ready_made", name=solution.forbidden[0])


def test_interface(solution):
    """Positional and keyword arguments, the defaults p = 0.0 and training = True, a tensor of the input's shape.

    At p = 0.9 a call keeps every one of 12 samples with probability 1e-12, and one that tosses a single coin for all
    of them with 0.1; eight calls in a row with 1e-8, which decides only which mistake is named. Under no_grad there
    are drops all the same.
    """
    x = signed(12, 2, 3, 2)
    first = []
    for given, more in (((x, 0.9), {}), ((), {"x": x, "p": 0.9, "training": True})):
        y = expect_tensor(solution.drop_path(*given, **more), shape=x.shape, dtype=x.dtype)
        first.append((y, solution.call))

    def ever_drops(*args, grad=False):
        each = x.clone().requires_grad_(grad)
        return any(not torch.equal(solution.drop_path(each, 0.9, *args), x) for _ in range(8))

    if not ever_drops(True):
        call = solution.call
        with_grad = ever_drops(True, grad=True)
        solution.call = call
        expect(not with_grad, "nothing is dropped where x needs no gradient", "x 不需要梯度时什么都没有丢弃")
        raise Mistake("never_drops", got="drop_path(x, 0.9, True) == x", expected=MOST_DROPPED)
    if not ever_drops():
        raise Mistake("eval_by_default", got="drop_path(x, 0.9) == x", expected=MOST_DROPPED)
    with torch.no_grad():
        if not ever_drops(True):
            raise Mistake(
                "follows_grad_mode",
                got=Words("under torch.no_grad() the output is x", "torch.no_grad() 下输出就是 x"),
                expected=Words("drops, since training=True", "training=True，应有丢弃"),
            )
    signed_x, x = x, signed(200, 1, 1, 2)
    y = expect_tensor(solution.drop_path(x), shape=x.shape, dtype=x.dtype)
    dropped = float((y[:, 0, 0, 0] == 0).float().mean())
    if dropped:
        got = Words(f"{dropped:.2f} of the samples dropped", f"{dropped:.2f} 的样本被丢弃")
        raise Mistake("other_default", share=dropped, got=got, expected=Words("none", "无"))
    expect_equal(y, x)
    for y, call in first:
        if torch.equal(y, signed_x):
            solution.call = call
            raise Mistake("some_calls_undropped", got="y == x", expected=MOST_DROPPED)


def test_range_of_p(solution):
    """p in [0, 1] is accepted, its ends included; anything else is refused, NaN too, in training and in eval."""
    x = signed(5, 3, 2, 2)
    for p, training in itertools.product((0.3, 0.0, 1.0), (True, False)):
        try:
            solution.drop_path(x, p, training)
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
        expect_raises((ValueError, AssertionError), solution.drop_path, x, p, training)


def refuses(solution, x, p, training):
    try:
        solution.drop_path(x, p, training)
    except ForbiddenCall:
        raise
    except (ValueError, AssertionError):
        return True
    except Exception:
        return False
    return False


def test_p_zero(solution):
    """p = 0 keeps every value exactly, and the gradient is one everywhere."""
    x = signed(5, 6, 3, 4).requires_grad_()
    y = solution.drop_path(x, 0.0, True)
    expect_equal(y, x)
    if not y.requires_grad:
        raise Mistake("detached_at_zero", got="requires_grad=False", expected="requires_grad=True")
    y.sum().backward()
    expect_equal(x.grad, torch.ones_like(x))


def test_p_one(solution):
    """p = 1 gives zeros; the gradient exists and is zero. No NaN from 0 · 1/0."""
    x = signed(5, 6, 3, 4).requires_grad_()
    y = expect_tensor(solution.drop_path(x, 1.0, True), shape=x.shape, dtype=x.dtype)
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
        x = signed(400, 1, 2, 2)
        y = expect_tensor(solution.drop_path(x, p, False), shape=x.shape)
        if p in (0.3, 0.8) and same(y, x * (1 - p)).all():
            raise Mistake("eval_scaled", p=p, ratio=1 - p, got=f"y/x = {1 - p:g}", expected="y/x = 1")
        samples = y[:, 0, 0, 0] == 0
        if p in (0.3, 0.8) and samples.any() and statistics.rate_holds(int(samples.sum()), 400, p):
            raise Mistake(
                "drops_in_eval", share=float(samples.float().mean()), p=p, got=Words("zeros", "出现了零"), expected="x"
            )
        expect_equal(y, x)
    x = signed(4, 5, 2, 3).requires_grad_()
    y = solution.drop_path(x, 0.4, training=False)
    expect(
        y.requires_grad,
        "no gradient flows in eval",
        "eval 时没有梯度",
        got="requires_grad=False",
        expected="requires_grad=True",
    )
    y.sum().backward()
    expect_equal(x.grad, torch.ones_like(x))


def test_whole_samples(solution):
    """A sample is zero everywhere or nowhere, at any rank. What shares a coin instead (an element, a channel, a token) is told by its pattern."""
    for p, shape in ((0.3, (40, 5, 4, 3)), (0.8, (50, 6, 7, 2)), (0.3, (40, 6, 9))):
        y = expect_tensor(solution.drop_path(signed(*shape), p, True), shape=shape)
        if whole(y):
            continue
        alive = y != 0
        picture = Mask.of(alive.flatten(1), p)
        for axes in ((0, 1), (0, len(shape) - 1)):
            if depends_only_on(alive, axes):
                raise Mistake(
                    "per_channel",
                    p=p,
                    axis=axes[1],
                    expected=A_COIN_EACH,
                    picture=picture,
                )
        if (
            len(shape) == 4
            and statistics.rate_holds(int(alive.sum()), alive.numel(), 1 - p)
            and not depends_only_on(alive, (1, 2, 3))
        ):
            raise Mistake("element_wise", p=p, picture=picture)
        expect(
            False,
            "a sample is neither dropped nor kept whole",
            "有的样本既没有整个丢弃，也没有整个保留",
            got=Words("zeros in some of its elements", "只有部分元素为零"),
            picture=picture,
        )


def depends_only_on(alive, axes):
    """Is the mask the same along every other axis?"""
    first = alive
    for axis in range(alive.dim()):
        if axis not in axes:
            first = first.narrow(axis, 0, 1)
    return bool((alive == first).all())


def test_survivors(solution):
    """What is kept is exactly x/(1-p), within 4 ulp: x/(1-p) and x·(1/(1-p)) differ by one.

    At p = 0.97 none of 2,000 samples is kept with probability below 1e-26, at 0.9981 none of 14,400 with 2e-12.
    """
    seen, calls = {}, {}
    for p in (0.3, 0.8, 0.1, 0.97, NEAR_ONE):
        # 299 (1-p) is no whole number, so that no count of survivors makes a wrong scale right.
        x = signed(299, 1, 3, 2) if p < 0.9 else signed(2000, 1, 1, 1)
        if p < NEAR_ONE:
            y = expect_tensor(solution.drop_path(x, p, True), shape=x.shape)
        else:  # a matrix (B, B) has to fit into memory
            y, x = many_calls(solution, x[:1800], p, 8).flatten(0, 1), x[:1800].repeat(8, 1, 1, 1)
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
        if 0 < ratio < 33 and same(y, x * ratio)[alive].all():
            solution.call, got = calls[0.97], f"y/x = {ratio:.4g}"
            raise Mistake("scale_capped", p=0.97, ratio=ratio, got=got, expected=f"y/x = {1 / 0.03:.4g}")
    for p, (x, y, alive) in seen.items():
        solution.call = calls[p]
        expect(alive.any(), f"nothing survives at p = {p}", f"p = {p} 时没有任何样本保留", got=ALL_ZEROS)
        expect_equal(torch.where(alive, y, 0), torch.where(alive, x / (1 - p), 0), rtol=ULP4)


def only_near_one(solution):
    """Coins are not shared, and p is not rounded: at a tiny p some are dropped. `solution.call` stays as it was."""
    call = solution.call
    alive = many_calls(solution, signed(50, 1, 1, 1), 0.4, 20)[:, :, 0, 0, 0] != 0
    holds = not (alive == alive[:, :1]).all() and not many_calls(solution, signed(3500, 1, 1, 1), TINY, 10).all()
    solution.call = call
    return bool(holds)


def name_the_scale(seen):
    """The known wrong scales, each only if it explains every survivor at p = 0.3 and at p = 0.8."""

    def explained(scale):
        return all(alive.any() and same(y, x * scale(p, alive))[alive].all() for p, (x, y, alive) in both)

    both = [(p, seen[p]) for p in (0.3, 0.8)]
    x, y, alive = seen[0.3]
    got = f"y/x = {float((y / x)[alive].median()):.4g}" if alive.any() else ALL_ZEROS
    said = {"p": 0.3, "got": got, "expected": f"y/x = {1 / 0.7:.4g}"}
    if alive.all():  # nothing is dropped: no matter of scale
        return
    if explained(lambda p, alive: 1.0):
        raise Mistake("scale_missing", mean=float(alive.float().mean()), **said)
    if explained(lambda p, alive: 1 / p):
        if all(statistics.rate_holds(int(alive[:, 0, 0, 0].sum()), 299, p) for p, (x, y, alive) in both):
            raise Mistake("p_is_keep", kept=float(alive.float().mean()), **said)
        raise Mistake("scale_one_over_p", ratio=1 / 0.3, **said)
    if explained(lambda p, alive: alive.numel() / alive.sum()):
        raise Mistake("renormalised", ratio=float((y / x)[alive][0]), **said)


def test_rate(solution):
    """The share of dropped samples is p. Chernoff's bound: a rate off by 0.05 is missed with probability below 1e-6.

    At p = 0.0008 about 28 of 35,000 are dropped, none with probability 1e-12: a p rounded to hundredths drops none.
    """
    sizes = {0.35: 16_000, 0.12: 6000, 0.8: 8000}
    counts, calls = {}, {}
    for p, n in sizes.items():
        parts = [kept(solution, p, n // 4) for _ in range(4)]  # a matrix (B, B) has to fit into memory
        counts[p] = sum(int((~part).sum()) for part in parts), n
        calls[p] = solution.call.replace(")    x", ") × 4    x", 1)
    few = many_calls(solution, signed(3500, 1, 1, 1), TINY, 10)
    calls[TINY] = solution.call
    counts[TINY] = int((expect_tensor(few, shape=(10, 3500, 1, 1, 1)) == 0).sum()), 35_000
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
    if off == [TINY] and counts[TINY][0] == 0 and bool(many_calls(solution, signed(35, 1, 1, 1), TINY, 1000).all()):
        solution.call = calls[p]
        raise Mistake("tiny_p_lost", n=n, **said)
    solution.call = calls[p]
    said.pop("share"), said.pop("p")
    expect(
        False,
        f"the share of dropped samples is {share[p]:.4f}, not {p}",
        f"被丢弃的样本比例是 {share[p]:.4f}，而不是 {p}",
        **said,
    )


def test_data_blind(solution):
    """Whether a sample is dropped does not depend on its values: large and small, positive and negative ones alike.

    3000 samples a call: within a group of about 1500 a rate off by 0.1 shows; the same group must stray the same way
    in both of two calls before it is named.
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
                    f"{share:.3f} of the samples of {name} values dropped", f"{GROUPS[name]} 的样本丢弃了 {share:.3f}"
                ),
                expected=f"{p}",
            )
    for name, share in strays[0].items():
        expect(
            False,
            f"{share:.1%} of the samples of {name} values were dropped",
            f"{GROUPS[name]} 组的样本被丢弃了 {share:.3f}",
            got=f"{share:.3f}",
            expected=f"{p}",
        )


def stray_groups(solution, p):
    """The groups of samples that are dropped at another rate than p, where that of all or of the others is p."""
    large, positive = torch.rand(3000) < 0.5, torch.rand(3000) < 0.5
    factor = torch.where(large, 2e4, 1e-4) * torch.where(positive, 1.0, -1.0)
    x = signed(3000, 1, 2, 2).abs() * factor[:, None, None, None]
    y = expect_tensor(solution.drop_path(x, p, True), shape=x.shape)
    dropped = y[:, 0, 0, 0] == 0
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
    """Every sample has its own coin: not one for the batch, and lags do not repeat one.

    Fifty samples all alike have probability below 0.6^49; one coin for all of them falls alike 60 times with 0.6^60. The lags compare disjoint pairs,
    which are independent: they differ at rate 2q(1-q).
    """
    p = 0.4
    calls = many_calls(solution, signed(50, 2, 1, 1), p, 60)[:, :, 0, 0, 0] != 0
    if calls.any() and not calls.all() and (calls == calls[:, :1]).all():
        raise Mistake("whole_batch", calls=60, n=50, expected=A_COIN_EACH)
    flat = kept(solution, p, 3000)
    square = flat.reshape(60, 50)
    for sums, length in ((square.sum(1), 50), (square.sum(0), 60)):
        bad = statistics.each_rate_holds(sums.tolist(), length, 1 - p)
        expect(bad is None, "the drops cluster", "丢弃聚集在一起", picture=lambda: Mask.of(square, p))
    for lag in (32, 64, 100, 128, 256, 500, 512, 1000, 1024):
        if (flat[lag:] == flat[:-lag]).all():
            raise Mistake("few_coins_repeated", lag=lag)
    lags = (1, 2, 7, 31, 64, 100, 128, 200, 256, 500, 512, 1000, 1024, 1500)
    expect_lags(flat, p, lags, en="samples", zh="样本")


def test_fresh_mask(solution):
    """Each call draws anew: two calls differ at rate 2q(1-q), and so does every pair of three.

    Of 200 masks of 60 samples at p = 0.5 two are alike with probability below 1e-13; out of a thousand prepared ones
    200 calls draw none twice with probability below 1e-8.
    """
    p = 0.3
    masks = [kept(solution, p, 2000) for _ in range(3)]
    if any(torch.equal(a, b) for a, b in itertools.combinations(masks, 2)):
        call = solution.call
        with solution.seeded(11):
            solution.drop_path(signed(5, 2, 2, 2), p, True)
            reseeded = solution.reseeded
        solution.call = call
        got = Words("two calls, one mask", "两次调用，同一个掩码")
        raise Mistake("reseeds" if reseeded else "same_mask_again", got=got)
    for a, b in itertools.combinations(masks, 2):
        differ = int((a != b).sum())
        expect(
            statistics.rate_holds(differ, 2000, 2 * p * (1 - p)),
            "two calls are not independent",
            "两次调用不独立",
            got=Words(f"{differ / 2000:.3f} differ", f"有 {differ / 2000:.3f} 不同"),
            expected=f"{2 * p * (1 - p):.3f}",
        )
    with torch.no_grad():  # a mask kept there is as stale
        small = (many_calls(solution, signed(60, 1, 1, 1), 0.5, 200) != 0).reshape(200, 60)
    count = len({tuple(each) for each in small.tolist()})
    latest = int((small[1:] == small[:-1]).all(1).sum())  # a mask that stays for some calls is no supply
    mixed = all(abs(float((small[:, lag:] != small[:, :-lag]).float().mean()) - 0.5) < 0.12 for lag in range(1, 31))
    if 1 < count < 200 and mixed and latest < 0.6 * (200 - count):
        got = Words(f"{count} different masks in 200 calls", f"200 次调用，{count} 种不同的掩码")
        raise Mistake("few_masks", count=count, got=got, expected="200")
    expect_new_masks(small)


def test_count_varies(solution):
    """The number of dropped samples is binomial, not fixed, and may be none or all of a batch, of one sample too.

    `calls_never_alike`: that many calls of 40 coins have the same count with probability below ALPHA. A batch of one
    loses its sample at rate p, one of three all of them at p³; of 400 batches of one a second toss where the sample
    is lost leaves 64 lost, or 256 where it is kept, instead of 160.
    """

    def counts(n, p, tries):
        found = many_calls(solution, signed(n, 1, 1, 2), p, tries)
        return (expect_tensor(found, shape=(tries, n, 1, 1, 2))[..., 0, 0, 0] != 0).sum(1).tolist()

    calls = counts(40, 0.5, statistics.calls_never_alike(40, 0.5))
    call_of_calls = solution.call
    spread = counts(40, 0.3, statistics.calls_never_alike(40, 0.7))
    call_of_spread, solution.call = solution.call, call_of_calls
    if len(set(calls)) == 1 and len(set(spread)) == 1 and 0 < calls[0] < 40:
        solution.call = call_of_spread
        raise Mistake("exact_count", kept=spread[0], n=40, calls=len(spread))
    expect(
        len(set(calls)) > 1, f"each call keeps {calls[0]} of 40 samples", f"每次调用都保留 40 个样本中的 {calls[0]} 个"
    )
    solution.call = call_of_spread
    expect(
        len(set(spread)) > 1,
        f"each call keeps {spread[0]} of 40 samples",
        f"每次调用都保留 40 个样本中的 {spread[0]} 个",
    )
    for size, p, tries in ((3, 0.8, 60), (1, 0.4, 400)):
        lost = counts(size, p, tries).count(0)
        if lost == 0 and size == 3:
            raise Mistake(
                "always_keeps_one",
                tries=tries,
                got=Words("no batch of 3 was dropped whole", "没有一次全部丢弃"),
                expected=Words(f"about {tries * p**3:.0f} of {tries}", f"{tries} 次中约 {tries * p**3:.0f} 次"),
            )
        expect(
            statistics.rate_holds(lost, tries, p**size),
            f"a batch of {size} is lost whole in {lost} of {tries} calls",
            f"样本数为 {size} 的 batch 在 {tries} 次调用中有 {lost} 次全部丢弃",
            got=f"{lost / tries:.2f}",
            expected=f"{p**size:.2f}",
        )


def test_generator(solution):
    """The coins come from torch's global generator: its seed decides them, nothing else does, and it is not reseeded."""
    x = signed(1200, 1, 1, 2)
    with solution.seeded(7, other=1):
        first = solution.drop_path(x, 0.4, True)
        reseeded, drew = solution.reseeded, solution.drew
    if reseeded:
        raise Mistake(
            "reseeds", got=Words("the generator has left the stream of its seed", "生成器离开了原种子的随机序列")
        )
    with solution.seeded(7, other=2):
        second = solution.drop_path(x, 0.4, True)
    with solution.seeded(8, other=1):
        third = solution.drop_path(x, 0.4, True)
    if not torch.equal(first, second) or torch.equal(first, third):
        expect_no_memory(
            solution, lambda x, p: expect_tensor(solution.drop_path(x, p, True), shape=x.shape), signed(1200, 1, 1, 1)
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
        x = signed(200, 1, 3, 2).requires_grad_()
        g = signed(200, 1, 3, 2)
        y = solution.drop_path(x, p, True)
        if not y.requires_grad:
            raise Mistake("no_gradient", got="requires_grad=False", expected="requires_grad=True")
        alive = y.detach() != 0
        (y * g).sum().backward()
        want = torch.where(alive, g / (1 - p), 0)
        expect(x.grad is not None, "x has no gradient", "x 没有梯度")
        if same(x.grad, want).all():
            samples = alive[:, 0, 0, 0]
            expect(
                whole(y.detach()) and statistics.rate_holds(int(samples.sum()), samples.numel(), 1 - p),
                "a sample is not dropped whole, or at another rate, where x needs a gradient",
                "x 需要梯度时，样本没有整个丢弃，或丢弃率不对",
                got=f"{float((~samples).float().mean()):.3f}",
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
        samples = ((x.grad != 0) != alive)[:, 0, 0, 0]
        if hit.all() and statistics.rate_holds(int(samples.sum()), 200, 2 * p * (1 - p)):
            raise Mistake("gradient_of_another_mask", wrong=int(samples.sum()), total=200, **said)
        expect_equal(x.grad, want, rtol=ULP4)
    p, holes = 0.3, torch.zeros(200, 1, 3, 2)
    holes[..., 1] = 1.0
    x, g = (holes * signed(200, 1, 3, 2)).requires_grad_(), signed(200, 1, 3, 2)
    y = solution.drop_path(x, p, True)
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

    At p = 0 a draw in bfloat16 is 0 once in 2^9 samples, and 1 + draw rounds up to 2 as often: of 12,000 samples one is
    hit but for 1e-10.
    """
    for dtype, tol in HALF.items():
        for p, training in ((0.3, True), (0.3, False), (0.0, True), (1.0, True)):
            x = signed(600, 1, 1, 2, dtype=dtype)
            y = expect_tensor(solution.drop_path(x, p, training), shape=x.shape)
            if y.dtype is not dtype:
                came, went = (str(each).removeprefix("torch.") for each in (y.dtype, dtype))
                if y.dtype is torch.float32 and training and p == 0.3:
                    raise Mistake("float_mask", came=came, went=went, got=came, expected=went)
                expect_tensor(y, dtype=dtype)
            if training and p == 0.3:
                alive = y != 0
                expect_equal(y.double(), torch.where(alive, x.double() / (1 - p), 0), rtol=tol)
                expect(
                    whole(y) and statistics.rate_holds(int((~alive[:, 0, 0, 0]).sum()), 600, p),
                    "the drop rate is off in this dtype",
                    "该 dtype 下的丢弃率不对",
                    got=f"{float((~alive).float().mean()):.3f}",
                    expected=f"{p}",
                )
            elif p != 1.0:
                expect_equal(y, x)
                if training and dtype in WHOLE:
                    x = signed(3000, 1, 1, 1, dtype=dtype)
                    many = many_calls(solution, x, p, WHOLE[dtype])
                    expect_equal(many, x.expand(many.shape))
            else:
                expect(
                    bool((y == 0).all()), "p = 1 does not give zeros in this dtype", "该 dtype 下 p = 1 时结果不为零"
                )


def test_shapes(solution):
    """Any rank from 1 up, odd sizes, and non-contiguous inputs."""
    p = 0.4
    for shape in ((300,), (300, 2), (200, 3, 2), (200, 2, 1, 3), (100, 2, 1, 3, 2), (120, 1), (7, 1, 5), (60, 60),
                  (80, 1, 2, 1, 1, 2, 1)):  # fmt: skip
        x = signed(*shape)
        y = expect_tensor(solution.drop_path(x, p, True))
        if tuple(y.shape) == (shape[0], *[1] * (4 - len(shape) - 1), *shape) or y.dim() > len(shape):
            raise Mistake("four_d_only", rank=len(shape), got=f"{tuple(y.shape)}", expected=f"{shape}")
        expect_tensor(y, shape=shape, dtype=x.dtype)
        right_samples(x, y, p, f"an input of shape {shape}", f"形状为 {shape} 的输入")
        expect_equal(solution.drop_path(x, p, False), x)
    single = signed(1, 3, 2)
    many = expect_tensor(many_calls(solution, single, p, 40), shape=(40, 1, 3, 2))
    lost = int((many[:, 0, 0, 0] == 0).sum())
    unscaled = bool(((many == 0) | (many == single)).all())
    if unscaled and lost:
        got, expected = Words("0 or x", "0 或 x"), Words(f"0 or x/{1 - p:g}", f"0 或 x/{1 - p:g}")
        raise Mistake("lone_sample_unscaled", lost=lost, got=got, expected=expected)
    expect(
        bool(((many == 0) | same(many, single / (1 - p))).all()), "wrong values for a batch of one",
        "只有一个样本时结果不对",
    )  # fmt: skip
    base = signed(120, 4, 6)
    views = {
        ("a transpose", "转置"): signed(4, 150).t(),
        ("a channels-last input", "channels_last 输入"): signed(100, 3, 2, 4).to(memory_format=torch.channels_last),
        ("a permuted input", "permute 得到的输入"): base.permute(0, 2, 1),
        ("a slice", "切片"): base[::2, 1:3, ::3],
        ("an expanded sample", "expand 得到的样本"): signed(1, 4, 3).expand(120, 4, 3),
    }
    for (name, zh), x in views.items():
        y = expect_tensor(called_on_a_view(solution, x, p), shape=x.shape)
        right_samples(x, y, p, name, "非连续的输入", Words(name, zh))
        expect_equal(solution.drop_path(x, p, False), x)


def called_on_a_view(solution, x, p):
    try:
        return solution.drop_path(x, p, True)
    except RuntimeError as error:
        if "view size is not compatible" in str(error):
            raise Mistake("flattens_with_view", got="RuntimeError") from None
        raise


def right_samples(x, y, p, name, zh, got=None):
    alive = (y != 0).flatten(1) if x.dim() > 1 else (y != 0)[:, None]
    samples = alive[:, 0]
    expect(
        bool((alive == samples[:, None]).all()),
        f"samples are not dropped whole for {name}",
        f"{zh}没有整个丢弃",
        got=got,
    )
    expect(bool(same(y, x / (1 - p))[y != 0].all()), f"wrong values for {name}", f"{zh}的结果不对", got=got)
    n = len(samples)
    expect(
        statistics.rate_holds(int((~samples).sum()), n, p),
        f"wrong drop rate for {name}",
        f"{zh}的丢弃率不对",
        got=f"{float((~samples).float().mean()):.3f}",
        expected=f"{p}",
    )


def test_input_untouched(solution):
    """x holds the same bits after the call, whatever p and the mode, and under no_grad."""
    calls = [(p, training, True) for p, training in ((0.5, True), (1.0, True), (0.0, True), (0.5, False))]
    for p, training, grad in (*calls, (0.5, True, False), (0.5, False, False)):
        with torch.set_grad_enabled(grad):
            solution.drop_path(signed(6, 7, 2, 3), p, training)
        if solution.changed:
            raise Mistake("changes_the_input", mode=Words("training", "训练") if training else "eval", p=p)


def test_device(solution):
    """The mask is made where x lives: seen with a tensor that poses as living on another device."""
    x = signed(6, 7, 2, 3)
    for training in (True, False):
        match solution.device_of("drop_path", x, 0.5, training):
            case "mixed":
                got = Words("a CPU mask met x on another device", "CPU 上的掩码遇到了另一个 device 上的 x")
                raise Mistake("mask_on_cpu", got=got)
            case "here":
                raise Mistake("mask_on_cpu", got=Words("the result stayed on the CPU", "结果留在了 CPU 上"))


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
