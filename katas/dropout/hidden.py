"""Checks for `dropout(x, p=0.5, training=True)`.

Each statistical test spends at most ALPHA = 1e-11 of false alarm; the suite has fewer than ninety of them, so a right
answer is turned away with probability below 1e-9 a run. About 370,000 coins are drawn in all, so that a plain Python
loop is judged within its twenty seconds. Inputs have both signs, no zeros and no repeated value, but for the checks that
are about these; p is rarely one half, where keep and drop, 1/p and 1/(1-p), coincide.
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
    turned_away,
)
from interview.grading.checks.masks import (
    NEAR_ONE,
    TINY,
    ULP4,
    expect_binomial,
    expect_blind,
    expect_calls_independent,
    expect_even_rates,
    expect_gradient_elsewhere,
    expect_independent,
    expect_new_masks,
    expect_no_repeats,
    expect_own_coins,
    expect_rate,
    extreme_off,
    kept_ones,
    rate_found,
    same,
    signed,
)
from interview.grading.checks.solution import ForbiddenCall

HALF = {
    torch.float16: 1e-2,
    torch.bfloat16: 4e-2,
    torch.float32: ULP4,
    torch.float64: ULP4,
}  # a factor made in float32 is fine
HALF_OF_X = Words("about half of x dropped", "x 约一半被丢弃")
ALL_ZEROS = Words("all zeros", "全零")

HELPER = coins.helper("submission.dropout(x, p, True)")


def forward(solution, x, p):
    return expect_tensor(solution.dropout(x, p, True), shape=x.shape)


def kept(solution, p, *shape):
    """Which elements of a signed input survive one call in training."""
    return forward(solution, signed(*shape), p) != 0


def many_masks(solution, x, p, times):
    return coins.many_masks(solution, HELPER, f"dropout(x, p={p}, training=True)", x, p, times)


def test_from_scratch(solution):
    """No ready-made dropout is called, in training or in eval, whether or not its refusal is caught."""
    for training in (True, False):
        try:
            solution.dropout(signed(3, 4), 0.3, training)
        except Exception as error:
            if isinstance(error, ForbiddenCall) or solution.forbidden:
                raise Mistake("ready_made", name=solution.forbidden[0]) from None
            raise Unseen from None  # any other exception is the next check's to tell
        if solution.forbidden:
            raise Mistake("ready_made", name=solution.forbidden[0])


def test_interface(solution):
    """Positional and keyword arguments, the defaults p = 0.5 and training = True, a tensor of the input's shape.

    The defaults: 400 coins at 1/2 are all kept, or all scaled otherwise, with probability 2^-400. Under no_grad there
    is dropout all the same; a quarter of 400 is never kept whole (1e-50).
    """
    x = signed(20, 20)
    expect_tensor(solution.dropout(x=x, p=0.25, training=True), shape=x.shape, dtype=x.dtype)
    came = []
    for y in solution.dropout.each([(x, 0.5, True), (x,), (x, 0.25)]):
        expect_tensor(y, shape=x.shape, dtype=x.dtype)
        came.append((y, solution.call))
    (said, told), (default, call), (quarter, quarter_call) = came
    solution.call = call
    if torch.equal(default, x):
        if torch.equal(said, x):
            solution.call = told
            expect_none_with_gradient(solution, x)
            raise Mistake("never_drops", got="dropout(x, 0.5, True) == x", expected=HALF_OF_X)
        solution.call = call
        raise Mistake("eval_by_default", got="dropout(x) == x")
    if torch.equal(quarter, x):
        drops = not torch.equal(solution.dropout(x, 0.25, True), x)
        solution.call = quarter_call
        if drops:
            raise Mistake("eval_by_default", got="dropout(x, 0.25) == x")
        expected = Words("about a quarter of x dropped", "x 约四分之一被丢弃")
        raise Mistake("never_drops", got="dropout(x, 0.25) == x", expected=expected)
    with torch.no_grad():
        y = solution.dropout(x, 0.25, True)
    if torch.equal(y, x):
        raise Mistake(
            "follows_grad_mode",
            got=Words("under torch.no_grad() the output is x", "torch.no_grad() 下输出就是 x"),
            expected=Words("drops, since training=True", "training=True，应有丢弃"),
        )
    solution.call = call
    ratio = f"y/x = {float((default / x).abs().max()):.4g}"
    expect(
        not only_zeros_and(said, 2 * x) or only_zeros_and(default, 2 * x),
        "dropout(x) is not dropout(x, 0.5): the default of p is another one",
        "dropout(x) 与 dropout(x, 0.5) 不同：p 的默认值不是 0.5",
        got=Words(f"{ratio} where kept", f"保留处 {ratio}"),
        expected="2",
    )


def only_zeros_and(y, value):
    return bool(((y == 0) | same(y, value)).all())


def expect_none_with_gradient(solution, x):
    """An x that needs a gradient is not dropped from either; otherwise only other inputs come back whole."""
    call = solution.call
    y = solution.dropout(x.clone().requires_grad_(), 0.5, True).detach()
    solution.call = call
    expect(
        torch.equal(y, x),
        "nothing is dropped in training where x needs no gradient",
        "x 不需要梯度时，训练中什么都没有丢弃",
        got="dropout(x, 0.5, True) == x",
        expected=HALF_OF_X,
    )


def test_range_of_p(solution):
    """p in [0, 1] is accepted, its ends included; anything else is refused, NaN and infinity too, and so is
    what lies a millionth outside: in training and in eval, and before an empty x is looked at.
    """
    x, not_a_number = signed(4, 5), float("nan")
    refused, calls, inside = [], {}, (0.3, 0.0, 1.0)
    for p, away in zip(inside, turned_away(solution.dropout, [(x, p, True) for p in inside]), strict=True):
        if away:
            refused.append(p)
            calls[p] = solution.call
    if refused:
        solution.call = calls[refused[0]]
        if 0.3 in refused and 1.0 not in refused:
            got = Words("p=0.3 rejected, p=1 accepted", "p=0.3 被拒绝，p=1 通过")
            raise Mistake("only_one_accepted", got=got, expected="0 <= p <= 1")
        if 0.3 not in refused:
            raise Mistake("ends_refused", refused=", ".join(f"p={each:g}" for each in dict.fromkeys(refused)))
    expect(not refused, f"p={refused and refused[0]} was rejected", f"p={refused and refused[0]} 被拒绝")
    outside = (-0.1, 1.1, 2.0, -1e-6, 1.000001, float("inf"), -float("inf"))
    tried = [(p, training) for training in (True, False) for p in (*outside, not_a_number)]
    refusal = {}
    for each, away in zip(tried, turned_away(solution.dropout, [(x, *each) for each in tried]), strict=True):
        refusal[each], calls[each] = away, solution.call
    accepted = {training: [p for p in outside if not refusal[p, training]] for training in (True, False)}
    nan = {training: not refusal[not_a_number, training] for training in (True, False)}
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
    let_in = [(p, training) for training in (True, False) for p in accepted[training]]
    let_in += [(float("nan"), training) for training in (True, False) if nan[training]]
    for p, training in let_in:
        expect_raises((ValueError, AssertionError), solution.dropout, x, p, training)
    expect_raises((ValueError, AssertionError), solution.dropout, signed(0, 3), 1.5, True)


def test_p_zero(solution):
    """p = 0 keeps every value exactly, and the gradient is one everywhere."""
    x = signed(13, 17).requires_grad_()
    y = solution.dropout(x, 0.0, True)
    expect_equal(y, x)
    expect(
        y.requires_grad,
        "no gradient flows at p = 0",
        "p = 0 时没有梯度",
        got="requires_grad=False",
        expected="requires_grad=True",
    )
    y.sum().backward()
    expect_equal(x.grad, torch.ones_like(x))


def test_p_one(solution):
    """p = 1 gives zeros; the gradient exists and is zero. No NaN from 0 · 1/0."""
    x = signed(13, 17).requires_grad_()
    y = expect_tensor(solution.dropout(x, 1.0, True), shape=x.shape, dtype=x.dtype)
    if y.isnan().any():
        raise Mistake("nan_at_one", count=int(y.isnan().sum()), total=y.numel(), got="nan", expected="0")
    expect_equal(y.abs(), torch.zeros_like(x))
    if not y.requires_grad:
        call = solution.call
        flows = solution.dropout(signed(13, 17).requires_grad_(), 0.3, True).requires_grad
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
        raise Mistake("detached_at_one", got=Words("x.grad is None", "x.grad 为 None"), expected=Words("zeros", "全零"))
    if x.grad.isnan().any():
        raise Mistake("nan_gradient_at_one", got="nan", expected="0")
    expect_equal(x.grad.abs(), torch.zeros_like(x))


def test_eval_identity(solution):
    """In eval the values are those of x, bit by bit, for every p, and the gradient is one."""
    calls = [(signed(24, 31), p, False) for p in (0.3, 0.8, 0.5, 0.0, 1.0)]
    for (x, p, _), y in zip(calls, solution.dropout.each(calls), strict=True):
        expect_tensor(y, shape=x.shape)
        ratio = y / x
        if p in (0.3, 0.8) and same(ratio, torch.full_like(x, 1 - p)).all():
            raise Mistake("eval_times_keep", p=p, ratio=1 - p, got=f"y/x = {1 - p:g}", expected="y/x = 1")
        if p in (0.3, 0.8) and same(ratio, torch.full_like(x, 1 / (1 - p))).all():
            raise Mistake("eval_divided", p=p, ratio=1 / (1 - p), got=f"y/x = {1 / (1 - p):.4g}", expected="y/x = 1")
        if p in (0.3, 0.8) and (y == 0).any() and statistics.rate_holds(int((y == 0).sum()), y.numel(), p):
            share = float((y == 0).float().mean())
            raise Mistake("drops_in_eval", share=share, p=p, got=Words("zeros", "出现了零"), expected="x")
        expect_equal(y, x, dtype=False)
    x = signed(24, 31).requires_grad_()
    y = solution.dropout(x, 0.4, training=False)
    expect(
        y.requires_grad,
        "no gradient flows in eval",
        "eval 时没有梯度",
        got="requires_grad=False",
        expected="requires_grad=True",
    )
    y.sum().backward()
    expect_equal(x.grad, torch.ones_like(x))


def test_eval_repeats(solution):
    """The same input in eval gives the same bits, whatever the generator's state."""
    x = signed(24, 31)
    first = expect_tensor(solution.dropout(x, 0.6, False), shape=x.shape)
    for seed in (1, 2, 3):
        with solution.seeded(seed):
            expect_equal(solution.dropout(x, 0.6, False), first)


def test_survivors(solution):
    """Each element is exactly 0 or x/(1-p), within 4 ulp: x/(1-p) and x·(1/(1-p)) differ by one.

    At p = 0.98 none of 2000 survives with probability 3e-18; a scale that is held down shows there.
    """
    seen, calls = {}, {}
    tried = [(signed(40, 50), p, True) for p in (0.3, 0.8, 0.1, 0.98)]
    for (x, p, _), y in zip(tried, solution.dropout.each(tried), strict=True):
        expect_tensor(y, shape=x.shape)
        calls[p] = solution.call
        alive = y != 0
        if same(y, x / (1 - p))[alive].all() and alive.any():
            continue
        seen[p] = (x, y, alive)
    if {0.3, 0.8} <= set(seen):
        solution.call = calls[0.3]
        name_the_scale(seen)
    for p, (x, y, alive) in seen.items():
        solution.call = calls[p]
        expect(alive.any(), f"nothing survives at p = {p}", f"p = {p} 时没有任何元素保留", got=ALL_ZEROS)
        expect_equal(torch.where(alive, y, 0), torch.where(alive, x / (1 - p), 0), rtol=ULP4)


def name_the_scale(seen):
    """The known wrong scales, each only if it explains every survivor at p = 0.3 and at p = 0.8."""

    def explained(scale):
        return all(alive.any() and same(y, x * scale(p, alive))[alive].all() for p, (x, y, alive) in both)

    def rate(p):
        return float(seen[p][2].float().mean())

    both = [(p, seen[p]) for p in (0.3, 0.8)]
    if any(alive.all() for p, (x, y, alive) in both):
        return  # nothing is dropped
    x, y, alive = seen[0.3]
    got = f"y/x = {float((y / x)[alive].median()):.4g}" if alive.any() else ALL_ZEROS
    said = {"p": 0.3, "got": got, "expected": f"y/x = {1 / 0.7:.4g}"}
    if explained(lambda p, alive: 1.0):
        raise Mistake("scale_missing", mean=float(alive.float().mean()), **said)
    if explained(lambda p, alive: 1 - p):
        raise Mistake("scale_times_keep", ratio=0.7, **said)
    if explained(lambda p, alive: 1 / p):
        n = x.numel()
        if all(statistics.rate_holds(int(alive.sum()), n, p) for p, (x, y, alive) in both):
            raise Mistake("p_is_keep", kept=rate(0.3), **said)
        raise Mistake("scale_one_over_p", ratio=1 / 0.3, **said)
    if explained(lambda p, alive: 1 / (1 - p) ** 2):
        raise Mistake("scaled_twice", ratio=1 / 0.49, **said)
    if explained(lambda p, alive: alive.numel() / alive.sum()):
        raise Mistake("renormalised", ratio=float(alive.numel() / alive.sum()), **said)
    if all(same(y, torch.full_like(y, 1 / (1 - p)))[alive].all() or (y[alive] == 1).all() for p, (x, y, alive) in both):
        values = sorted(set(y.flatten().tolist()))
        got, expected = Words(f"values {values}", f"取值 {values}"), Words("x times these", "x 乘以这些值")
        raise Mistake("returns_the_mask", got=got, expected=expected)


def test_rate(solution):
    """The share of zeros is p. Chernoff's bound: a rate off by 0.02 at p = 0.1 is missed with probability below 1e-6,
    and so is one off by 0.03 at p = 0.3 and at p = 0.8.

    The same in each half of the rows and in every second row and column, where a rate off by 0.04 is missed as rarely.
    At p = 0.5 a coarse test will do: own_coin looks at 40,000 coins at p = 0.4. An input of 40,000 is scaled like a
    small one, and its mask is no small one repeated.
    """
    sizes = {0.3: (200, 200), 0.1: (190, 200), 0.8: (200, 200), 0.5: (40, 60)}
    counts, masks, calls = {}, {}, {}
    for p, shape in sizes.items():
        x = signed(*shape)
        y = expect_tensor(solution.dropout(x, p, True), shape=shape)
        calls[p] = solution.call
        masks[p] = y != 0
        counts[p] = int((y == 0).sum()), y.numel()
        if p == 0.3:
            large = x, y
    off = [p for p, (zeros, n) in counts.items() if not statistics.rate_holds(zeros, n, p)]
    if not off:
        for p, mask in masks.items():
            solution.call = calls[p]
            expect_even_rates(mask, p)
        solution.call = calls[0.3]
        expect_no_repeats(masks[0.3].flatten(), 0.3)
        x, y = large
        if only_zeros_and(solution.dropout(x[:20, :20], 0.3, True), x[:20, :20] / 0.7):  # else survivors tells
            solution.call = calls[0.3]
            expect_equal(y, torch.where(masks[0.3], x / 0.7, 0), rtol=ULP4)
        return
    solution.call = calls[0.3]
    if all(statistics.rate_holds(n - zeros, n, p) for p, (zeros, n) in counts.items()):
        raise Mistake("keeps_with_p", p=0.3, share=counts[0.3][0] / counts[0.3][1], **rate_found(*counts[0.3], 0.3))
    if all(statistics.rate_holds(zeros, n, statistics.normal_cdf(p)) for p, (zeros, n) in counts.items()):
        raise Mistake("normal_draws", p=0.3, share=counts[0.3][0] / counts[0.3][1], **rate_found(*counts[0.3], 0.3))
    solution.call = calls[off[0]]
    expect_rate(*counts[off[0]], off[0])


def test_extreme_p(solution):
    """p next to 0 or 1 counts, in half precision too, where a coin has few bits; see `extreme_off`."""

    def expect_scaled(x, y, p):
        if p == NEAR_ONE:
            expect_equal(y.double(), torch.where(y == 0, 0, x.double() / (1 - p)), rtol=HALF[x.dtype])

    off = extreme_off(solution, partial(forward, solution), expect_scaled)
    if not off:
        return
    found = rate_found(off.zeros, off.n, off.p)
    if off.p == TINY and off.zeros == off.again == 0:
        call = solution.call
        larger = [kept(solution, 0.4, 100, 100) for _ in range(8)]
        right = all(spread(each, 0.4) and statistics.rate_holds(int(each.sum()), 10_000, 0.6) for each in larger)
        solution.call = call
        if right:
            raise Mistake("tiny_p_lost", p=TINY, n=off.n, **found)
    raise off.wrong()


def spread(mask, p):
    """No row and no column shares its coins (a hundred alike: below 1e-22) or has a fixed count: then every element is a chance."""
    sums = ((mask.sum(1).tolist(), mask.shape[1]), (mask.sum(0).tolist(), mask.shape[0]))
    return all(len(set(each)) > 1 and statistics.each_rate_holds(each, n, 1 - p) is None for each, n in sums)


def test_expectation(solution):
    """The mean of y is that of x, also among the large, the small, the positive and the negative values.

    Σ aᵢ(mᵢ − q) over independent coins is bounded by Hoeffding with aᵢ = xᵢ/(1-p); the groups catch a mask that looks
    at the data: the rate is right over all, and off in the same group, the same way, in both of two calls.
    """
    for p in (0.3, 0.7):
        looks = expect_blind(lambda: stray_groups(solution, p), p)
        if looks:
            raise Mistake("looks_at_the_data", **looks)


def stray_groups(solution, p):
    """The groups of values that are dropped at another rate than p, when the rate over all is p; and the mean of y."""
    x = signed(100, 120)
    y = forward(solution, x, p).double()
    wide, n = x.double(), x.numel()
    bound = statistics.weighted_sum_bound((wide.abs() / (1 - p)).square().sum().item())
    off = float(((y - wide) * wide.sign()).sum())
    strays = coins.stray_groups(x, y != 0, p)
    if not strays:
        expect(
            abs(off) <= bound,
            f"the mean of |y| is {float(y.abs().mean()):.3f}, that of |x| {float(wide.abs().mean()):.3f}",
            f"|y| 的均值是 {float(y.abs().mean()):.3f}，而 |x| 的均值是 {float(wide.abs().mean()):.3f}",
            got=f"{float(y.abs().mean()):.4f}",
            expected=f"{float(wide.abs().mean()):.4f} ± {bound / n:.4f}",
        )
    return strays


def test_own_coin(solution):
    """Every element has its own coin: no axis shares a mask, and lags do not repeat one.

    200 x 200 coins: all rows (or columns) alike has probability below 2^-1000. The lags compare disjoint pairs, which
    are independent: they differ at rate 2q(1-q). Where one element in ten copies its neighbour the pairs differ at 0.432
    instead of 0.48: missed with probability below 1e-9. Three, four and five axes, and an x of equal values as well.
    """
    p = 0.4
    mask = kept(solution, p, 200, 200)
    mixed = bool(mask.any()) and not bool(mask.all())
    if mixed and bool((mask == mask[:1]).all()):
        raise Mistake("shared_over_batch", picture=Mask.of(mask, p))
    if mixed and bool((mask == mask[:, :1]).all()):
        raise Mistake("shared_over_features", picture=Mask.of(mask, p))
    expect_independent(mask, p)
    expect_own_coins(partial(forward, solution))


def test_fresh_mask(solution):
    """Each call draws anew: two calls differ at rate 2q(1-q), and so does every pair of three.

    Of 200 masks over 60 elements at p = 0.5 two are alike with probability 200²/2 · 2^-60 < 1e-13; out of a thousand
    prepared ones 200 calls draw none twice with probability below 1e-8. They are drawn under no_grad, for a mask kept
    there is as stale. A supply is told only where neighbours differ as independent ones do: coins for whole blocks have
    few masks too. Calls in pairs differ at rate 1/2, and no element is dropped at a rate of its own.
    """
    p = 0.3
    masks = [
        expect_tensor(y, shape=(40, 50)) != 0
        for y in solution.dropout.each([(signed(40, 50), p, True) for _ in range(3)])
    ]
    for mask in masks:
        expect(
            bool((~mask).any()),
            "no element is zero",
            "没有任何元素为零",
            got=Words("0 zeros of 2000", "2000 个中 0 个为零"),
            expected=Words("about 600", "约 600 个"),
        )
    if any(torch.equal(a, b) for a, b in itertools.combinations(masks, 2)):
        call = solution.call
        with solution.seeded(11):
            solution.dropout(signed(4, 4), p, True)
            reseeded = solution.reseeded
        solution.call = call
        raise Mistake(
            "reseeds" if reseeded else "same_mask_again",
            got=Words("two calls, one mask", "两次调用，同一个掩码"),
            picture=Mask(*(Mask.of(each, p).yours for each in masks[:2])),
        )
    expect_calls_independent(masks, p)
    expect_calls_independent(many_masks(solution, signed(40, 50), p, 2), p)  # without a seed between them
    with torch.no_grad():
        small = many_masks(solution, signed(1, 60), 0.5, 200).reshape(200, 60)
    supply = {tuple(each) for each in small.tolist()}
    count = len(supply)
    different = small if count == 200 else torch.tensor(sorted(supply))
    pairs = different[:, :-1] != different[:, 1:]
    if 1 < count < 200 and abs(float(pairs.float().mean()) - 0.5) < 0.12:
        got = Words(f"{count} different masks in 200 calls", f"200 次调用，{count} 种不同的掩码")
        raise Mistake("few_masks", count=count, got=got, expected="200")
    expect_new_masks(small)


def test_count_varies(solution):
    """The number of drops is binomial, not fixed, in a call and in a row.

    Small calls all have the same count with probability below ALPHA; over 250 rows, how often a count strays from
    its mean by more than 0.7 standard deviations has an exactly known rate. Of two elements at p = 0.6 neither is
    dropped in 26 of 160 calls, never with probability 1e-12; so an element that always stays, or a redraw, shows.
    """
    p, n = 0.5, 48
    calls = statistics.calls_never_alike(n, p)
    masks = many_masks(solution, signed(6, 8), p, calls)
    counts = masks.sum((1, 2)).tolist()
    if len(set(counts)) == 1:
        expect(
            0 < counts[0] < n,
            f"{counts[0]} of {n} elements are kept in each of {calls} calls",
            f"连续 {calls} 次调用都保留了 {n} 个中的 {counts[0]} 个",
        )
        expect(
            bool((masks != masks[0]).any()),
            "each call has the same mask",
            "每次调用的掩码都相同",
        )
        raise Mistake("exact_count", kept=counts[0], n=n, calls=calls)
    two = many_masks(solution, signed(2), 0.6, 160).sum(1)
    for name, zh, count, rate in (
        ("both of 2 elements are", "都被丢弃", 0, 0.36),
        ("neither of 2 elements is", "都保留", 2, 0.16),
    ):
        times = int((two == count).sum())
        expect(
            statistics.rate_holds(times, 160, rate),
            f"{name} dropped in {times} of 160 calls",
            f"160 次调用中，2 个元素{zh}的有 {times} 次",
            got=f"{times / 160:.3f}",
            expected=f"{rate:.3f}",
        )
    rows = kept(solution, p, 250, 48).sum(1).tolist()
    expect(len(set(rows)) > 1, f"every row keeps exactly {rows[0]} of 48", f"每一行都恰好保留 48 个中的 {rows[0]} 个")
    expect_binomial(rows, n, p)


def test_generator(solution):
    """The coins come from torch's global generator: its seed decides them, and it is not reseeded."""
    x = signed(30, 40)
    with solution.seeded(7, other=1):
        first = solution.dropout(x, 0.4, True)
        reseeded, drew = solution.reseeded, solution.drew
    if reseeded:
        raise Mistake(
            "reseeds", got=Words("the generator has left the stream of its seed", "生成器离开了原种子的随机序列")
        )
    with solution.seeded(7, other=2):
        second = solution.dropout(x, 0.4, True)
    with solution.seeded(8, other=1):
        third = solution.dropout(x, 0.4, True)
    expect(
        bool((first == 0).any()),
        "nothing is dropped",
        "什么都没有丢弃",
        got=Words("no zeros", "没有零"),
        expected=Words("about 480 of 1200", "1200 个中约 480 个"),
    )
    if not torch.equal(first, second) or torch.equal(first, third):
        raise Mistake("other_generator")
    if not drew:
        got = Words("the generator's state is the same after the call", "调用之后生成器的状态没有变")
        raise Mistake("generator_put_back", got=got)


def test_gradient(solution):
    """dL/dx is mask/(1-p) times the upstream gradient, with this call's own mask, within 4 ulp.

    Its own also when another call comes before backward; and a zero of x has a gradient like any other, so that among
    zeros gradients are missing at rate p.
    """
    for p in (0.3, 0.8):
        x = signed(40, 50).requires_grad_()
        g = signed(40, 50)
        y = solution.dropout(x, p, True)
        if not y.requires_grad:
            raise Mistake("no_gradient", got="requires_grad=False", expected="requires_grad=True")
        alive = y.detach() != 0
        (y * g).sum().backward()
        want = torch.where(alive, g / (1 - p), 0)
        grad = x.grad
        if grad is None or same(grad, want).all():
            expect(grad is not None, "x has no gradient", "x 没有梯度")
            continue
        ratio = f"grad/g = {float((grad / g)[alive].median()):.4g}"
        said = {
            "p": p,
            "got": Words(f"{ratio} where kept", f"保留处 {ratio}"),
            "expected": f"{1 / (1 - p):.4g}",
        }
        if same(grad, g).all():
            raise Mistake("straight_through", **said)
        if same(grad, torch.where(alive, g, 0)).all() and same(y.detach(), x.detach() / (1 - p))[alive].all():
            raise Mistake("gradient_unscaled", **said)
        hit = same(grad, g / (1 - p)) | (grad == 0)
        if hit.all() and statistics.rate_holds(int(((grad != 0) != alive).sum()), grad.numel(), 2 * p * (1 - p)):
            raise Mistake("gradient_of_another_mask", p=p, wrong=int(((grad != 0) != alive).sum()), total=grad.numel())
        expect_equal(grad, want, rtol=ULP4)
    p = 0.3
    x, g = signed(40, 50).requires_grad_(), signed(40, 50)
    y = solution.dropout(x, p, True)
    solution.dropout(signed(40, 50).requires_grad_(), p, True)
    (y * g).sum().backward()
    alive = y.detach() != 0
    if not same(x.grad, torch.where(alive, g / (1 - p), 0)).all():
        wrong = int(((x.grad != 0) != alive).sum())
        if statistics.rate_holds(wrong, x.numel(), 2 * p * (1 - p)):
            raise Mistake("mask_of_latest_call", wrong=wrong, total=x.numel())
    expect_equal(x.grad, torch.where(alive, g / (1 - p), 0), rtol=ULP4)
    x = torch.where(torch.arange(2000).reshape(40, 50) % 2 == 0, 0.0, signed(40, 50)).requires_grad_()
    (solution.dropout(x, p, True) * g).sum().backward()
    zeros = x.detach() == 0
    none = int((x.grad[zeros] == 0).sum())
    call = solution.call
    if none == 1000 and statistics.rate_holds(kept_ones(partial(forward, solution)), 1600, 0.6):
        solution.call = call
        raise Mistake(
            "zeros_without_gradient",
            got=Words("0 for each zero of x", "x 为 0 处全是 0"),
            expected=Words(f"g/(1-p) for about {1 - p:.0%}", f"约 {1 - p:.0%} 为 g/(1-p)"),
        )
    solution.call = call
    expect(
        statistics.rate_holds(none, 1000, p) and only_zeros_and(x.grad, g / (1 - p)),
        "where x is 0 the gradient is not right",
        "x 为 0 处的梯度不对",
        got=Words(f"{none} of 1000 are 0", f"1000 个中 {none} 个为 0"),
        expected="≈ 300",
    )
    loud, quiet = "lambda h: submission.dropout(h, p, True)", "lambda h: submission.dropout(h, p, False)"
    expect_gradient_elsewhere(solution, "dropout", 0.3, loud=loud, quiet=quiet, scale=1 / 0.7, tol=1e-5)


def test_dtypes(solution):
    """float16, bfloat16, float32 and float64 come back as they went in, training or not, with the right values; a
    gradient flows in each. Some bfloat16 values are of a size that float16 has not.
    """
    for dtype, tol in HALF.items():
        calls = []
        for p, training in ((0.3, True), (0.3, False), (0.0, True), (1.0, True)):
            x = signed(30, 40, dtype=dtype)
            if dtype is torch.bfloat16:
                x[:10] *= 2.0**40
            if not training:
                x = x + x * torch.rand(30, 40, dtype=dtype) / 16  # all the digits of float64
            if training and p == 0.3:
                x.requires_grad_()
            calls.append((x, p, training))
        for (x, p, training), y in zip(calls, solution.dropout.each(calls), strict=True):
            expect_tensor(y, shape=x.shape)
            if y.dtype is not dtype:
                came, went = (str(each).removeprefix("torch.") for each in (y.dtype, dtype))
                call = solution.call
                both = dtype is torch.float16 and training and p == 0.3 and came == "float32" == promoted(solution, p)
                solution.call = call
                if both:
                    raise Mistake("float_mask", came=came, went=went, got=came, expected=went)
                expect_tensor(y, dtype=dtype)
            if training and p == 0.3:
                alive = y.detach() != 0
                want = torch.where(alive, x.detach().double() / (1 - p), 0)
                expect_equal(y.detach().double(), want, rtol=tol)
                expect(
                    statistics.rate_holds(int((~alive).sum()), x.numel(), p),
                    "the drop rate is off in this dtype",
                    "该 dtype 下的丢弃率不对",
                    got=f"{float((~alive).float().mean()):.3f}",
                    expected=f"{p}",
                )
                if not y.requires_grad:
                    raise Mistake("no_gradient", got="requires_grad=False", expected="requires_grad=True")
                g = signed(30, 40, dtype=dtype)
                (y * g).sum().backward()
                want = torch.where(alive, g.double() / (1 - p), 0)
                expect_equal(expect_tensor(x.grad, shape=x.shape).double(), want, rtol=tol)
            elif p != 1.0:
                expect_equal(y, x)
            else:
                expect(
                    bool((y == 0).all()), "p = 1 does not give zeros in this dtype", "该 dtype 下 p = 1 时结果不为零"
                )


def promoted(solution, p):
    """What a bfloat16 input comes back as: a float32 mask promotes both halves, a forgotten cast but one."""
    return str(solution.dropout(signed(6, 7, dtype=torch.bfloat16), p, True).dtype).removeprefix("torch.")


def test_shapes(solution):
    """0-d, empty, one element, 1-d, 4-d, 6-d and non-contiguous inputs, in training and in eval."""
    p = 0.4
    shapes = ((), (0,), (3, 0, 2), (1,), (9,), (2, 3, 4, 5), (1, 1, 1), (2, 1, 3, 1, 2, 2))
    calls = [(signed(*shape), p, training) for shape in shapes for training in (True, False)]
    for (x, _, training), y in zip(calls, solution.dropout.each(calls), strict=True):
        shape = tuple(x.shape)
        expect_tensor(y, shape=shape, dtype=x.dtype)
        expect(
            only_zeros_and(y, x / (1 - p) if training else x),
            f"wrong values for an input of shape {shape}",
            f"形状为 {shape} 的输入结果不对",
        )
    kept_scalars = int(many_masks(solution, torch.tensor(1.5), p, 60).sum())  # all alike: 0.6^60 + 0.4^60 < 1e-13
    expect(
        0 < kept_scalars < 60,
        "a 0-d input is never dropped, or always",
        "0-d 输入总是保留或总是丢弃",
        got=f"{kept_scalars} / 60",
        expected="≈ 36 / 60",
    )
    views = {
        ("a transpose", "转置"): signed(30, 20).t(),
        ("a slice", "切片"): signed(40, 30)[::2, 5:25],
        ("an expanded row", "expand 得到的行"): signed(1, 40).expand(25, 40),
    }
    calls = [(x, p, True) for x in views.values()]
    for ((name, zh), x), y in zip(views.items(), solution.dropout.each(calls), strict=True):
        alive = expect_tensor(y, shape=x.shape) != 0
        expect(
            bool(same(y, x / (1 - p))[alive].all()),
            f"wrong values for {name}",
            "非连续输入的结果不对",
            got=Words(name, zh),
        )
        expect(
            statistics.rate_holds(int((~alive).sum()), x.numel(), p),
            f"wrong drop rate for {name}",
            "非连续输入的丢弃率不对",
        )
    for x, y in zip(views.values(), solution.dropout.each([(x, p, False) for x in views.values()]), strict=True):
        expect_equal(y, x)


def test_input_untouched(solution):
    """x holds the same bits after the call, whatever p, the mode and the dtype, and under no_grad."""
    for grad, modes in (
        (True, ((0.5, True), (1.0, True), (0.0, True), (0.5, False))),
        (False, ((0.5, True), (0.5, False))),
    ):
        calls = [(signed(12, 15), *each) for each in modes]
        if not grad:
            calls += [(signed(12, 15, dtype=dtype), 0.5, True) for dtype in HALF]
        with torch.set_grad_enabled(grad):
            for (_, p, training), _ in zip(calls, solution.dropout.each(calls), strict=True):
                if solution.changed:
                    raise Mistake("changes_the_input", mode=Words("training", "训练") if training else "eval", p=p)


def test_device(solution):
    """The mask is made where x lives: seen with a tensor that poses as living on another device."""
    x = signed(12, 15)
    for p, training in ((0.5, True), (0.5, False), (1.0, True), (0.0, True)):
        match solution.device_of("dropout", x, p, training):
            case "mixed":
                got = Words("a CPU mask met x on another device", "CPU 上的掩码遇到了另一个 device 上的 x")
                raise Mistake("mask_on_cpu", got=got)
            case "here":
                raise Mistake("mask_on_cpu", got=Words("the result stayed on the CPU", "结果留在了 CPU 上"))
