"""Checks for `alpha_dropout(x, p=0.5, training=True)`.

Each statistical test spends at most ALPHA = 1e-11 of false alarm; the suite has fewer than eighty of them, so a right
answer is turned away with probability below 1e-9 a run. About 300,000 coins are drawn in all. Inputs have both signs,
lie in ±(0.5 … 1.5), away from α' = -1.758, and repeat no value: the one value that repeats in an output is that of the
dropped. The tolerance of 2e-4 admits λ and α with four decimals, which are off by 3e-5.
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
    even_sums,
    expect_independent,
    expect_lags,
    expect_new_masks,
    expect_no_memory,
    expect_no_repeats,
)
from interview.grading.checks.solution import ForbiddenCall

TINY = 0.0008
HELPER = """
import torch

def many(x, p, count):
    return torch.stack(list(again(lambda each: submission.alpha_dropout(each, p, True), x, count)))
"""
LAMBDA, ALPHA_ = 1.0507009873554805, 1.6732632423543772
PRIME = -LAMBDA * ALPHA_
CLOSE = {"rtol": 2e-4, "atol": 2e-4}
HALF = {torch.float16: 1e-2, torch.bfloat16: 4e-2, torch.float32: 2e-4, torch.float64: 2e-4}
GROUPS = {
    "small": "|x| < 1",
    "large": "|x| >= 1",
    "positive": "x > 0",
    "negative": "x < 0",
    "zero": "x = 0",
    "far": "|x| >= 10",
    "low": "x 约为 -5",
}


def signed(*shape, dtype=torch.float32):
    magnitude = torch.rand(shape) + 0.5
    sign = (torch.rand(shape) < 0.5) * 2 - 1
    return (magnitude * sign).to(dtype)


def affine(p, prime=PRIME):
    """a and b: (1-p)·a² + p·a²·α'² - (p·a·α')² = 1 and the mean p·a·α' + b = 0."""
    a = ((1 - p) * (1 + p * prime**2)) ** -0.5
    return a, -a * prime * p


def dropped_value(p):
    a, b = affine(p)
    return a * PRIME + b


def dropped(y, p, tol=1e-2):
    """Which elements hold the value of the dropped; a kept one is at least a/5 away."""
    return (y.double() - dropped_value(p)).abs() <= tol * (1 + abs(dropped_value(p)))


def kept(solution, p, *shape):
    y = expect_tensor(solution.alpha_dropout(signed(*shape), p, True), shape=shape)
    return ~dropped(y, p)


def many(solution, x, p, times):
    """The results of as many calls, stacked, made on the submission's side."""
    try:
        return solution.build(HELPER).many(x, p, times)
    finally:
        solution.call = f"alpha_dropout(x, p={p}, training=True) × {times}    x: {tuple(x.shape)} float32"


def dropped_of(group, share):
    return Words(f"{share:.3f} of the {group} ones dropped", f"{GROUPS[group]} 的值丢弃了 {share:.3f}")


def own_coins(gone, p):
    """No row and no column of a 2-d mask is shared by all or has an unlikely number of drops."""
    return not (gone == gone[:1]).all() and not (gone == gone[:, :1]).all() and even_sums(~gone, p)


def test_from_scratch(solution):
    """No ready-made dropout is called, in training or in eval, whether or not its refusal is caught."""
    for training in (True, False):
        try:
            solution.alpha_dropout(signed(3, 4), 0.3, training)
        except Exception as error:
            if isinstance(error, ForbiddenCall) or solution.forbidden:
                raise Mistake("ready_made", name=solution.forbidden[0]) from None
            raise Unseen from None  # any other exception is the next check's to tell
        if solution.forbidden:
            raise Mistake("ready_made", name=solution.forbidden[0])


def test_interface(solution):
    """Positional and keyword arguments, the defaults p = 0.5 and training = True, a tensor of the input's shape.

    In training every element changes, kept or not, so a result equal to x is an eval. The default p = 0.5 shows in a
    and b, whatever is drawn.
    """
    x = signed(20, 20)
    first = [
        (solution.alpha_dropout(x), solution.call),
        (solution.alpha_dropout(x, 0.25), solution.call),
        (solution.alpha_dropout(x=x, p=0.25, training=True), solution.call),
    ]
    for y, solution.call in first:
        expect_tensor(y, shape=x.shape, dtype=x.dtype)
    y = solution.alpha_dropout(x, 0.25)
    call = solution.call
    if torch.equal(y, x):
        y = solution.alpha_dropout(x, 0.25, True)
        if torch.equal(y, x):
            raise Mistake("never_drops", got="alpha_dropout(x, 0.25, True) == x")
        solution.call = call
        raise Mistake("eval_by_default", got="alpha_dropout(x, 0.25) == x")
    with torch.no_grad():
        if torch.equal(solution.alpha_dropout(x, 0.25), x):
            raise Mistake(
                "needs_grad",
                got=Words("under torch.no_grad() the output is x", "torch.no_grad() 下输出就是 x"),
                expected=Words("training=True decides", "由 training=True 决定"),
            )
    for y, call in first:
        if torch.equal(y, x):
            solution.call = call
            got = Words("y == x in one of the first calls", "最初的某次调用中 y == x")
            raise Mistake(
                "some_calls_unchanged", got=got, expected=Words("a·y + b in every call", "每次调用都是 a·y + b")
            )
    said, unsaid = (fit(x, y) for y in (solution.alpha_dropout(x, 0.5), solution.alpha_dropout(x)))
    expect(
        said is None or (unsaid is not None and near(said, unsaid)) or not steady(solution, x, said),
        "p is not 0.5 by default",
        "p 的默认值不是 0.5",
        got=told(unsaid),
        expected=told(said),
    )


def steady(solution, x, said):
    """Are a and b at a given p = 0.5 the same in a second call? `solution.call` stays as it was."""
    call, again = solution.call, fit(x, solution.alpha_dropout(x, 0.5))
    solution.call = call
    return again is not None and near(said, again)


def test_range_of_p(solution):
    """p in [0, 1) is accepted; anything else is refused, 1 and NaN too, in training and in eval, and for an empty x."""
    x = signed(4, 5)
    for p, training in itertools.product((0.3, 0.0, 0.99), (True, False)):
        expect(not refuses(solution, x, p, training), f"p={p} was rejected", f"p={p} 被拒绝")
    outside, not_a_number, calls = (-0.1, 1.1, -3.0, 2.0), float("nan"), {}
    said = Words("p=1 accepted", "p=1 通过")

    def accepts(p, training):
        nonlocal said
        try:
            took = not refuses(solution, x, p, training)
        except ZeroDivisionError:  # the check of the range let it in, and 1 - p did not
            took, said = True, "ZeroDivisionError"
        calls[p, training] = solution.call
        return took

    accepted = {training: [p for p in outside if accepts(p, training)] for training in (True, False)}
    nan = {training: accepts(not_a_number, training) for training in (True, False)}
    one = {training: accepts(1.0, training) for training in (True, False)}
    if accepted[True] and accepted[False] and nan[True]:
        solution.call = calls[accepted[True][0], True]
        raise Mistake("no_range_check", p=accepted[True][0])
    if accepted[False] and not accepted[True] and not nan[True] and not one[True]:
        solution.call = calls[accepted[False][0], False]
        raise Mistake("checked_in_training_only", p=accepted[False][0])
    if nan[True] and not accepted[True] and not accepted[False]:
        solution.call = calls[not_a_number, True]
        raise Mistake("nan_accepted")
    if one[True] and not accepted[True] and not accepted[False]:
        solution.call = calls[1.0, True]
        raise Mistake("one_accepted", got=said, expected="ValueError")
    for training, p in itertools.product((True, False), (*outside, float("nan"), 1.0)):
        expect_raises((ValueError, AssertionError), solution.alpha_dropout, x, p, training)
    expect_raises((ValueError, AssertionError), solution.alpha_dropout, signed(0, 3), 1.5, True)


def refuses(solution, x, p, training):
    try:
        solution.alpha_dropout(x, p, training)
    except ForbiddenCall:
        raise
    except (ValueError, AssertionError):
        return True
    return False


def test_p_zero(solution):
    """p = 0 changes nothing, since a = 1 and b = 0, and the gradient is one everywhere."""
    x = signed(13, 17).requires_grad_()
    y = solution.alpha_dropout(x, 0.0, True)
    expect_equal(y, x, rtol=1e-6, atol=1e-6)
    expect(
        y.requires_grad,
        "no gradient flows at p = 0",
        "p = 0 时没有梯度",
        got="requires_grad=False",
        expected="requires_grad=True",
    )
    y.sum().backward()
    expect_equal(x.grad, torch.ones_like(x), rtol=1e-6)


def test_eval_identity(solution):
    """In eval the values are those of x, bit by bit, for every p, and the gradient is one."""
    for p in (0.3, 0.8, 0.0):
        x = signed(24, 31).requires_grad_()
        y = expect_tensor(solution.alpha_dropout(x, p, False), shape=x.shape, dtype=x.dtype)
        again = solution.alpha_dropout(x, p, False)
        if not torch.equal(y, again):
            raise Mistake("drops_in_eval", p=p, got=Words("two calls in eval differ", "eval 下两次调用结果不同"))
        a, b = affine(p)
        if p and bool(((y - (a * x + b)).abs() < 1e-3).all()):
            raise Mistake("affine_in_eval", a=a, b=b, p=p, got=f"{a:.3f}·x + {b:.3f}", expected="x")
        expect_equal(y, x)
        expect(
            y.requires_grad,
            "no gradient flows in eval",
            "eval 时没有梯度",
            got="requires_grad=False",
            expected="requires_grad=True",
        )
        y.sum().backward()
        expect_equal(x.grad, torch.ones_like(x))


def fit(x, y):
    """(a, b, d): the line on which the kept lie and the value of the dropped; None when it is no such thing.

    d is the one value that repeats; with 400 coins at any p used here it repeats with probability above 1 - 1e-12.
    """
    x, y = x.double().flatten(), y.double().flatten()
    d = float(y.mode().values)
    rest = (y - d).abs() > 1e-5 * (1 + abs(d))
    if rest.all() or not y.isfinite().all() or int(rest.sum()) < 8 or int((~rest).sum()) < 3:
        return None
    x, y = x[rest], y[rest]
    a = float(((x - x.mean()) * (y - y.mean())).sum() / (x - x.mean()).square().sum())
    b = float(y.mean() - a * x.mean())
    if float((y - a * x - b).abs().max()) > 1e-3 * (1 + abs(a) + abs(b)):
        return None
    return a, b, d


def near(one, other, tol=1e-3):
    return all(abs(a - b) <= tol * (1 + abs(b)) for a, b in zip(one, other, strict=True))


def told(found):
    if found is None:
        return Words("no line and one more value", "不是一条直线加另一个值")
    line = f"{found[0]:.3f}·x + {found[1]:.3f}"
    return Words(f"{line}, dropped: {found[2]:.3f}", f"{line}，丢弃处：{found[2]:.3f}")


def whole(p, prime=PRIME):
    a, b = affine(p, prime)
    return a, b, a * prime + b


def unrooted(p):
    a = 1 / ((1 - p) * (1 + p * PRIME**2))
    return a, -a * PRIME * p, a * PRIME * (1 - p)


def without_keep(p):
    a = (1 + p * PRIME**2) ** -0.5
    return a, -a * PRIME * p, a * PRIME * (1 - p)


def of_vanilla(p):
    a = (1 - p + p * PRIME**2) ** -0.5
    return a, -a * PRIME * p, a * PRIME * (1 - p)


KNOWN = {  # (a, b, value of the dropped) of the mistakes
    "plain_dropout": lambda p: (1 / (1 - p), 0.0, 0.0),
    "drops_to_zero": lambda p: (*affine(p), 0.0),
    "zero_before_affine": lambda p: (*affine(p), affine(p)[1]),
    "no_affine": lambda p: (1.0, 0.0, PRIME),
    "dropped_left_out": lambda p: (*affine(p), PRIME),
    "no_shift": lambda p: (affine(p)[0], 0.0, affine(p)[0] * PRIME),
    "shift_sign": lambda p: (affine(p)[0], -affine(p)[1], affine(p)[0] * PRIME - affine(p)[1]),
    "shift_by_keep": lambda p: (affine(p)[0], -affine(p)[0] * PRIME * (1 - p), affine(p)[0] * PRIME * p),
    "shift_not_scaled": lambda p: (affine(p)[0], -PRIME * p, affine(p)[0] * PRIME - PRIME * p),
    "alpha_without_lambda": lambda p: whole(p, -ALPHA_),
    "lambda_without_alpha": lambda p: whole(p, -LAMBDA),
    "positive_alpha": lambda p: whole(p, -PRIME),
    "no_root": unrooted,
    "keep_forgotten": without_keep,
    "mean_forgotten": of_vanilla,
    "scaled_too": lambda p: tuple(each / (1 - p) for each in whole(p)),
    "p_is_keep": lambda p: whole(1 - p),
}


def test_two_values(solution):
    """Each element is a·x + b or a·α' + b, at p = 0.1, 0.3 and 0.8; a mistake is named if its formula fits all of them.

    Then at p = 0.97, 0.34 and 0.004, for a p that is capped, a pair (a, b) that is kept for a rounded p, or none for a small one.
    """
    found, cases, calls = {}, [], {}
    for p in (0.1, 0.3, 0.8):
        x = signed(40, 50)
        y = expect_tensor(solution.alpha_dropout(x, p, True), shape=x.shape)
        calls[p] = solution.call
        found[p] = fit(x, y)
        cases.append((p, x, y))
    said = {"got": told(found[0.3]), "expected": told(whole(0.3))}
    solution.call = calls[0.3]
    if all(found.values()):
        for name, formula in KNOWN.items():
            if all(near(found[p], formula(p)) for p in found) and not all(near(found[p], whole(p)) for p in found):
                a, b, d = found[0.3]
                raise Mistake(
                    name, p=0.3, a=a, b=b, d=d, want_a=whole(0.3)[0], want_b=whole(0.3)[1], want_d=whole(0.3)[2], **said
                )
        standard = all(
            abs(float(y.double().mean())) < 1e-3 and abs(float(y.double().std()) - 1) < 1e-3 for _, _, y in cases
        )
        if standard and not all(near(found[p], whole(p)) for p in found):
            raise Mistake("uses_batch_statistics", **said)
    for p, x, y in cases:
        solution.call = calls[p]
        a, b = affine(p)
        want = torch.where(dropped(y, p), torch.tensor(dropped_value(p), dtype=torch.float64), a * x.double() + b)
        expect_equal(y.double(), want, **CLOSE)
    for p in (0.97, 0.34, 0.004):
        x = signed(40, 50)
        y = expect_tensor(solution.alpha_dropout(x, p, True), shape=x.shape)
        a, b = affine(p)
        gone = dropped(y, p, 2e-4)
        want = torch.where(gone, torch.tensor(dropped_value(p), dtype=torch.float64), a * x.double() + b)
        for other in (0.95, 0.9, 0.99):
            if p == 0.97 and near(fit(x, y) or (0, 0, 0), whole(other)):
                raise Mistake("p_capped", p=p, other=other, got=told(fit(x, y)), expected=told(whole(p)))
        expect_equal(y.double(), want, **CLOSE)


def test_rate(solution):
    """The share of dropped elements is p. Chernoff's bound: at p = 0.3 a rate off by 0.025 is missed with probability below 1e-6.

    At p = 0.0008 a p rounded to hundredths drops nothing; 35,000 coins all kept have probability e^-28.
    """
    sizes = {0.3: (200, 300), 0.1: (120, 200), 0.8: (120, 200), TINY: (175, 200)}
    counts, calls = {}, {}
    for p, shape in sizes.items():
        mask = kept(solution, p, *shape)
        calls[p] = solution.call
        counts[p] = int((~mask).sum()), mask.numel()
    off = [p for p, (count, n) in counts.items() if not statistics.rate_holds(count, n, p)]
    if not off:
        return
    p = 0.3 if 0.3 in off else off[0]
    count, n = counts[p]
    low, high = statistics.rate_interval(n, p)
    said = {"got": f"{count / n:.4f}", "expected": f"{low:.4f} … {high:.4f}", "picture": Bar(count / n, low, high)}
    if p == TINY and bool((~dropped(many(solution, signed(175), p, 400), p)).all()):  # nor in small calls
        solution.call = calls[p]
        raise Mistake("p_rounded", p=p, n=n, mean=n * p, **said)
    solution.call = calls[p]
    if all(statistics.rate_holds(n - count, n, p) for p, (count, n) in counts.items()):
        raise Mistake("keeps_with_p", p=p, share=count / n, **said)
    if all(statistics.rate_holds(count, n, statistics.normal_cdf(p)) for p, (count, n) in counts.items()):
        raise Mistake("normal_draws", p=p, share=count / n, **said)
    expect(
        False,
        f"the share of dropped elements is {count / n:.4f}, not {p}",
        f"被丢弃的比例是 {count / n:.4f}，而不是 {p}",
        **said,
    )


def test_moments(solution):
    """Mean 0 and variance 1 in give mean 0 and variance 1 out, and the mask does not look at the data.

    x is made to have mean 0 and variance 1 exactly. Each y takes one of two values, so Hoeffding's bound with their
    distance holds for Σy and for Σy². Small and large, positive and negative values are dropped at the rate p.
    """
    for p in (0.3, 0.6):
        half = signed(50, 120)
        x = torch.cat((half, -half)) / half.square().mean().sqrt()  # mean 0, mean square 1, |x| below 1.6
        y = expect_tensor(solution.alpha_dropout(x, p, True), shape=x.shape).double()
        gone, n = dropped(y, p), y.numel()
        if p == 0.3:
            call = solution.call
            expect_blind(solution, p)
            solution.call = call
        groups = {"small": x.abs() < 1.0, "large": x.abs() >= 1.0, "positive": x > 0, "negative": x < 0}
        shared = bool((gone == gone[:1]).all() or (gone == gone[:, :1]).all())  # `own_coin` tells that
        if not shared and statistics.rate_holds(int(gone.sum()), n, p):
            for name, group in groups.items():
                if not statistics.rate_holds(int((gone & group).sum()), int(group.sum()), p):
                    share = float(gone[group].double().mean())
                    raise Mistake(
                        "looks_at_the_data",
                        group=Words(name, GROUPS[name]),
                        p=p,
                        share=share,
                        got=dropped_of(name, share),
                        expected=f"{p}",
                    )
        a, b = affine(p)
        keep, drop = a * x.double() + b, dropped_value(p)
        for name, total, spread in (
            ("mean", y.sum(), keep - drop),
            ("mean square", (y.square() - 1).sum(), keep.square() - drop**2),
        ):
            bound = statistics.weighted_sum_bound(float(spread.square().sum()))
            shown, want = float(total) / n + (name != "mean"), int(name != "mean")
            expect(
                abs(float(total)) <= bound,
                f"the {name} of the output is {shown:.3f}",
                f"输出的{'均值' if name == 'mean' else '均方'}是 {shown:.3f}",
                got=f"{shown:.4f}",
                expected=f"{want} ± {bound / n:.4f}",
            )


def expect_blind(solution, p):
    """Values of 0, far out and between are dropped at rate p each; the kept are a·x + b there as well."""
    kind = torch.randint(0, 4, (60, 100))
    x = signed(60, 100)
    x = torch.where(
        kind == 0,
        0.0,
        torch.where(kind == 1, x * torch.where(torch.rand(x.shape) < 0.5, 20, 5000), torch.where(kind == 2, x - 5, x)),
    )
    y = expect_tensor(solution.alpha_dropout(x, p, True), shape=x.shape)
    a, b = affine(p)
    gone, stays = dropped(y, p, 1e-3), (y.double() - a * x.double() - b).abs() <= 2e-4 * (1 + x.double().abs())
    for value, group in (("zero", kind == 0), ("far", kind == 1), ("low", kind == 2)):
        share, rest = float(gone[group].double().mean()), (kind == 3) & (gone | stays)
        held = int(rest.sum()) > 1000 and statistics.rate_holds(int((gone & rest).sum()), int(rest.sum()), p)
        if (
            held
            and even_sums(~gone, float(gone.double().mean()))  # where whole rows go, groups stray as well
            and (gone | stays)[group].all()
            and not statistics.rate_holds(int((gone & group).sum()), int(group.sum()), p)
        ):
            group = Words(value, GROUPS[value])
            raise Mistake(
                "looks_at_the_data", group=group, p=p, share=share, got=dropped_of(value, share), expected=f"{p}"
            )
    expect(
        (gone | stays).all(), "values of 0 or far out are neither kept nor dropped", "0 或很大的值既没有保留也没有丢弃"
    )


def test_own_coin(solution):
    """Every element has its own coin: no axis shares a mask, and lags do not repeat one.

    64 x 48 coins: all rows (or columns) alike has probability below 2^-1000. The lags compare disjoint pairs, which
    are independent: they differ at rate 2q(1-q).
    """
    p = 0.4
    mask = kept(solution, p, 64, 48)
    expect(
        mask.any() and not mask.all(),
        "no element, or every one, has the value of the dropped",
        "没有元素或所有元素都取被丢弃的值",
    )
    if bool((mask == mask[:1]).all()):
        got = Words("every row has the same mask", "每一行的掩码都相同")
        raise Mistake("shared_over_batch", got=got, picture=Mask.of(mask, p))
    if bool((mask == mask[:, :1]).all()):
        got = Words("every row is kept or dropped whole", "每一行都整行保留或整行丢弃")
        raise Mistake("shared_over_features", got=got, picture=Mask.of(mask, p))
    expect_independent(mask, p)
    cube = kept(solution, p, 6, 7, 8, 9)
    if bool((cube == cube[:, :, :1, :1]).all()):
        got = Words(
            "in an input (6, 7, 8, 9) each (8, 9) map is kept or dropped whole",
            "输入 (6, 7, 8, 9) 中每张 (8, 9) 特征图都整张保留或丢弃",
        )
        raise Mistake("whole_maps", got=got)
    cubes = [(cube, solution.call)]
    cubes += [(kept(solution, p, *shape), solution.call) for shape in ((10, 12, 14), (4, 5, 3, 6, 7))]
    for each, solution.call in cubes:
        for axis in range(each.dim()):
            if (each == each.narrow(axis, 0, 1)).all():
                got = Words(f"alike along axis {axis}", f"沿第 {axis} 维相同")
                raise Mistake("shared_at_some_rank", rank=each.dim(), axis=axis, got=got)
        if each.dim() == 4:
            expect_independent(each.reshape(42, 72), p)
    large = kept(solution, p, 600, 40)
    expect(not (large == large[:1]).all(), "600 rows share one mask", "600 行共用同一个掩码")
    expect_no_repeats(large.flatten(), p)
    expect_lags(large.flatten(), p, (16384,))


def test_fresh_mask(solution):
    """Each call draws anew: every pair of three calls differs at rate 2q(1-q).

    Of 200 masks over 60 elements at p = 0.5 two are alike with probability below 1e-13; out of a thousand prepared ones
    200 calls draw none twice with probability below 1e-8.
    """
    p = 0.3
    masks = [kept(solution, p, 40, 50) for _ in range(3)]
    expect(
        all(each.any() and not each.all() for each in masks),
        "no element, or every one, has the value of the dropped",
        "没有元素或所有元素都取被丢弃的值",
    )
    if any(torch.equal(a, b) for a, b in itertools.combinations(masks, 2)):
        call = solution.call
        with solution.seeded(11):
            solution.alpha_dropout(signed(4, 4), p, True)
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
        small = ~dropped(expect_tensor(many(solution, signed(60), 0.5, 200), shape=(200, 60)), 0.5)
    count = len({tuple(each) for each in small.tolist()})
    latest = int((small[1:] == small[:-1]).all(1).sum())  # a mask that stays for some calls is no supply
    mixed = all(abs(float((small[:, lag:] != small[:, :-lag]).float().mean()) - 0.5) < 0.12 for lag in range(1, 31))
    if 1 < count < 200 and mixed and latest < 0.6 * (200 - count):
        got = Words(f"{count} different masks in 200 calls", f"200 次调用，{count} 种不同的掩码")
        raise Mistake("few_masks", count=count, got=got, expected="200")
    expect_new_masks(small)


def test_count_varies(solution):
    """The number of drops is binomial, not fixed, in a call and in a row.

    Small calls all have the same count with probability below ALPHA; over 250 rows, how often a count strays from
    its mean by more than 2.5 has an exactly known rate.
    Of 400 rows of two elements at p = 0.6 about 144 lose both; none, where one is always kept, has probability 1e-77.
    """
    p, n = 0.5, 48
    calls = statistics.calls_never_alike(n, p)
    small = expect_tensor(many(solution, signed(6, 8), p, calls), shape=(calls, 6, 8))
    counts = (~dropped(small, p)).sum((1, 2)).tolist()
    if len(set(counts)) == 1 and 0 < counts[0] < n:
        got = Words(
            f"{counts[0]} of {n} in each of {calls} calls", f"{calls} 次调用每次都保留 {n} 个中的 {counts[0]} 个"
        )
        raise Mistake("exact_count", kept=counts[0], n=n, calls=calls, got=got)
    pairs = kept(solution, 0.6, 400, 2).sum(1)
    for name, zh, count, rate in (("both", "都被丢弃", 0, 0.36), ("neither", "都保留", 2, 0.16)):
        times = int((pairs == count).sum())
        expect(
            statistics.rate_holds(times, 400, rate),
            f"{name} of 2 elements are dropped in {times} of 400 rows",
            f"400 行中，2 个元素{zh}的有 {times} 行",
            got=f"{times / 400:.3f}",
            expected=f"{rate:.3f}",
        )
    rows = kept(solution, p, 250, 48).sum(1).tolist()
    expect(len(set(rows)) > 1, f"every row keeps exactly {rows[0]} of 48", f"每一行都恰好保留 48 个中的 {rows[0]} 个")
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
    """The coins come from torch's global generator: its seed decides them, nothing else does, and it is not reseeded."""
    x = signed(30, 40)
    with solution.seeded(7, other=1):
        first = solution.alpha_dropout(x, 0.4, True)
        reseeded, drew = solution.reseeded, solution.drew
    if reseeded:
        raise Mistake(
            "reseeds", got=Words("the generator has left the stream of its seed", "生成器离开了原种子的随机序列")
        )
    with solution.seeded(7, other=2):
        second = solution.alpha_dropout(x, 0.4, True)
    with solution.seeded(8, other=1):
        third = solution.alpha_dropout(x, 0.4, True)
    if not torch.equal(first, second) or torch.equal(first, third):
        expect_no_memory(solution, lambda x, p: kept(solution, p, *x.shape), x)
        got = Words("torch.manual_seed does not decide the mask", "torch.manual_seed 不能决定掩码")
        raise Mistake("other_generator", got=got)
    expect(
        drew,
        "the generator stands where it stood before the call, so the next call draws the same",
        "调用之后生成器仍停在调用前的位置，下一次调用会抽到同样的随机数",
    )


def test_gradient(solution):
    """dL/dx is a times the upstream gradient where kept, zero where dropped, with this call's own mask; where x is 0 as well."""
    for p in (0.3, 0.8):
        x = signed(40, 50)
        x = torch.where(torch.rand(x.shape) < 0.1, 0.0, x).requires_grad_()
        g = signed(40, 50)
        y = expect_tensor(solution.alpha_dropout(x, p, True), shape=x.shape)
        if not y.requires_grad:
            raise Mistake("no_gradient", got="requires_grad=False", expected="requires_grad=True")
        alive, (a, _) = ~dropped(y.detach(), p), affine(p)
        (y * g).sum().backward()
        grad = x.grad
        expect(grad is not None, "x has no gradient", "x 没有梯度")
        there, gone = (f"{float((grad / g)[each].median()):.4g}" for each in (alive, ~alive))
        said = {
            "p": p,
            "got": Words(
                f"grad/g = {there} where kept, {gone} where dropped", f"grad/g：保留处 {there}，丢弃处 {gone}"
            ),
            "expected": Words(f"{a:.4g} and 0", f"{a:.4g} 与 0"),
        }
        for name, wrong in (
            ("straight_through", g),
            ("gradient_everywhere", g * a),
            ("gradient_unscaled", torch.where(alive, g, 0)),
            ("gradient_by_keep", torch.where(alive, g / (1 - p), 0)),
        ):
            if bool(((grad - wrong).abs() < 1e-4).all()):
                raise Mistake(name, **said)
        expect_equal(grad, torch.where(alive, a * g, 0), **CLOSE)
        expect(
            own_coins(~alive, p) and statistics.rate_holds(int((~alive).sum()), alive.numel(), p),
            "where x needs a gradient elements share a coin",
            "x 需要梯度时各元素没有独立抽样",
        )
    x = torch.full((50, 60), PRIME).requires_grad_()  # here nothing shows in y, kept or dropped
    solution.alpha_dropout(x, 0.3, True).sum().backward()
    share = float((x.grad == 0).double().mean())
    if share in (0.0, 1.0):
        got = Words(f"{share:.0%} of the gradients are zero", f"{share:.0%} 的梯度为零")
        raise Mistake("mask_from_values", share=share, got=got, expected=Words("about 30%", "约 30%"))
    expect(
        statistics.rate_holds(int((x.grad == 0).sum()), x.numel(), 0.3),
        "where x is α' the gradient does not follow the mask",
        "x 等于 α' 处的梯度与掩码不符",
        got=Words(f"{share:.3f} are zero", f"{share:.3f} 为零"),
        expected="0.3",
    )


def test_dtypes(solution):
    """float16, bfloat16, float32 and float64 come back as they went in, training or not, with the right values."""
    for dtype, tol in HALF.items():
        for p, training in ((0.3, True), (0.3, False), (0.0, True)):
            x = signed(30, 40, dtype=dtype)
            y = expect_tensor(solution.alpha_dropout(x, p, training), shape=x.shape)
            came, went = (str(each).removeprefix("torch.") for each in (y.dtype, dtype))
            if training and p and y.dtype is torch.float32 and dtype in (torch.float16, torch.bfloat16):
                raise Mistake("float_out", came=came, went=went, got=came, expected=went)
            expect_tensor(y, dtype=dtype)
            if not training or not p:  # at p = 0 in half precision (x - α') + α' is as right as x
                expect_equal(y, x, **({} if not training else {"rtol": tol, "atol": tol / 10}))
                continue
            gone, (a, b) = dropped(y, p, max(tol, 1e-2)), affine(p)
            want = torch.where(gone, torch.tensor(dropped_value(p), dtype=torch.float64), a * x.double() + b)
            expect_equal(y.double(), want, rtol=tol, atol=tol)
            expect(
                statistics.rate_holds(int(gone.sum()), x.numel(), p),
                "the drop rate is off in this dtype",
                "该 dtype 下的丢弃率不对",
                got=f"{float(gone.double().mean()):.3f}",
                expected=f"{p}",
            )
            expect(own_coins(gone, p), "in this dtype elements share a coin", "该 dtype 下各元素没有独立抽样")


def test_shapes(solution):
    """0-d, empty, one element, 1-d, 4-d and non-contiguous inputs, in training and in eval."""
    p = 0.4
    a, b = affine(p)

    def fits(y, x):
        return bool((dropped(y, p, 1e-3) | ((y - (a * x + b)).abs() < 1e-3)).all())

    found = many(solution, torch.tensor(1.5), p, 60)
    scalars = {round(each, 2) for each in found.tolist()}  # alike: 2 · 0.6^60 < 1e-12
    if scalars == {1.5}:
        got = Words("1.5 in 60 calls", "60 次调用都是 1.5")
        raise Mistake("scalars_left_alone", got=got, expected=Words("two values", "两个值"))
    expect(
        len(scalars) == 2,
        "a 0-d input is never dropped, or always",
        "0-d 输入总是保留或总是丢弃",
        got=f"{sorted(scalars)}",
    )
    for shape in ((), (0,), (3, 0, 2), (1,), (9,), (2, 3, 4, 5), (1, 1, 1)):
        x = signed(*shape)
        for training in (True, False):
            y = expect_tensor(solution.alpha_dropout(x, p, training), shape=shape, dtype=x.dtype)
            expect(
                fits(y, x) if training else torch.equal(y, x),
                f"wrong values for an input of shape {shape}",
                f"形状为 {shape} 的输入结果不对",
            )
    views = {
        "a transpose": ("转置", signed(30, 20).t()),
        "a slice": ("切片", signed(40, 30)[::2, 5:25]),
        "an expanded row": ("expand 出来的行", signed(1, 40).expand(25, 40)),
    }
    for name, (zh, x) in views.items():
        y = expect_tensor(solution.alpha_dropout(x, p, True), shape=x.shape)
        expect(fits(y, x), f"wrong values for {name}", "非连续输入的结果不对", got=Words(name, zh))
        expect(
            statistics.rate_holds(int(dropped(y, p).sum()), x.numel(), p),
            f"wrong drop rate for {name}",
            "非连续输入的丢弃率不对",
        )
        expect(own_coins(dropped(y, p), p), f"elements of {name} share a coin", "非连续输入的各元素没有独立抽样")
        expect_equal(solution.alpha_dropout(x, p, False), x)


def test_input_untouched(solution):
    """x holds the same bits after the call, whatever p and the mode, and under no_grad."""
    calls = [(p, training, True) for p, training in ((0.5, True), (0.0, True), (0.5, False))]
    for p, training, grad in (*calls, (0.5, True, False), (0.5, False, False)):
        with torch.set_grad_enabled(grad):
            solution.alpha_dropout(signed(12, 15), p, training)
        if solution.changed:
            raise Mistake("changes_the_input", mode=Words("training", "训练") if training else "eval", p=p)


def test_device(solution):
    """The mask is made where x lives: seen with a tensor that poses as living on another device."""
    x = signed(12, 15)
    for training in (True, False):
        match solution.device_of("alpha_dropout", x, 0.5, training):
            case "mixed":
                got = Words("a CPU mask met x on another device", "CPU 上的掩码遇到了另一个 device 上的 x")
                raise Mistake("mask_on_cpu", got=got)
            case "here":
                raise Mistake("mask_on_cpu", got=Words("the result stayed on the CPU", "结果留在了 CPU 上"))
