"""Checks for `gaussian_dropout(x, p=0.5, training=True)`.

What is judged is the factor y/x, or z = (y/x - 1)/σ with σ² = p/(1-p), which has to be standard normal. Inputs have
both signs and lie between 0.5 and 2 in magnitude, so float32 rounds y/x by less than 1e-6. Each statistical test
spends at most ALPHA = 1e-11 of false alarm and the suite has fewer than a hundred of them: a right answer is turned away
with probability below 1e-9 a run. About 190,000 normal numbers are drawn in all, so that a plain Python loop is judged
within its twenty seconds. p is rarely one half, where σ = 1, and σ, σ², p/(1-p) and (1-p)/p coincide.
"""

import itertools
import math

import torch

from interview.grading.checks import statistics
from interview.grading.checks.expect import Mistake, Unseen, Words, expect, expect_equal, expect_raises, expect_tensor
from interview.grading.checks.masks import expect_lags, expect_no_repeats, signed
from interview.grading.checks.solution import ForbiddenCall

TINY = 5e-6
HELPER = """
import torch

def many(x, p, count):
    return torch.stack(list(again(lambda each: submission.gaussian_dropout(each, p, True), x, count)))
"""
HALF = {torch.float16: 1e-2, torch.bfloat16: 4e-2, torch.float32: 1e-5, torch.float64: 1e-5}
MEDIAN = 0.6744897501960817  # of |z|
OPPOSITE = {"small": "large", "large": "small", "positive": "negative", "negative": "positive"}
GROUPS = {"small": "|x| < 1.25", "large": "|x| >= 1.25", "positive": "x > 0", "negative": "x < 0"}


def sigma(p):
    return math.sqrt(p / (1 - p))


def noise(solution, p, *shape):
    """z = (y/x - 1)/σ of one call in training, in float64."""
    x = signed(*shape)
    y = expect_tensor(solution.gaussian_dropout(x, p, True), shape=shape)
    return (y.double() / x.double() - 1) / sigma(p)


def noises(solution, every_p, *shape):
    """`noise` at each p, and the call it came from."""
    seen, calls = {}, {}
    for p in every_p:
        seen[p] = noise(solution, p, *shape)
        calls[p] = solution.call
    return seen, calls


def chi_square_holds(z, std=1.0):
    """May Σz² come from independent normal numbers of mean 0 and that standard deviation?"""
    low, high = statistics.chi_square_interval(z.numel())
    return bool(low <= float((z / std).square().sum()) <= high)


def mean_holds(z, mean=0.0, std=1.0):
    return abs(float((z - mean).sum())) <= statistics.normal_sum_bound(z.numel() * std**2)


def spread(z):
    """The root mean square, and the interval that is proved for it."""
    low, high = statistics.chi_square_interval(z.numel())
    n = z.numel()
    return float(z.square().mean().sqrt()), f"{math.sqrt(low / n):.3f} … {math.sqrt(high / n):.3f}"


def test_from_scratch(solution):
    """No ready-made dropout is called, in training or in eval, whether or not its refusal is caught."""
    for training in (True, False):
        try:
            solution.gaussian_dropout(signed(3, 4), 0.3, training)
        except Exception as error:
            if isinstance(error, ForbiddenCall) or solution.forbidden:
                raise Mistake("ready_made", name=solution.forbidden[0]) from None
            raise Unseen from None  # any other exception is the next check's to tell
        if solution.forbidden:
            raise Mistake("ready_made", name=solution.forbidden[0])


def test_interface(solution):
    """Positional and keyword arguments, the defaults p = 0.5 and training = True, a tensor of the input's shape.

    The defaults: at p = 0.5 Σz² of 3600 draws stays within 21 % of its mean by Laurent and Massart; a default of 0.4 or
    0.6 changes it by a third. That 120 factors are all exactly 1 has probability below 1e-600.
    """
    x = signed(10, 12)
    results = [(solution.gaussian_dropout(x, 0.25), solution.call)]
    results += [(solution.gaussian_dropout(x=x, p=0.25, training=True), solution.call)]
    for y, solution.call in results:
        expect_tensor(y, shape=x.shape, dtype=x.dtype)
        if torch.equal(y, x):
            call = solution.call
            quiet = torch.equal(solution.gaussian_dropout(x, 0.25, True), x)
            with_grad = quiet and not torch.equal(solution.gaussian_dropout(x.clone().requires_grad_(), 0.25, True), x)
            solution.call = call
            expect(not with_grad, "there is no noise where x needs no gradient", "x 不需要梯度时没有噪声")
            raise Mistake("no_noise" if quiet else "eval_by_default", got="gaussian_dropout(x, 0.25) == x")
    with torch.no_grad():
        y = solution.gaussian_dropout(x, 0.25, True)
    if torch.equal(y, x):
        raise Mistake(
            "follows_grad_mode",
            got=Words("under torch.no_grad() the output is x", "torch.no_grad() 下输出就是 x"),
            expected=Words("noise, since training=True", "training=True，应有噪声"),
        )
    x = signed(60, 60)
    y = expect_tensor(solution.gaussian_dropout(x), shape=x.shape, dtype=x.dtype)
    if torch.equal(y, x):
        raise Mistake("eval_by_default", got="gaussian_dropout(x) == x")
    call = solution.call
    plain, named = (y / x - 1).double(), noise(solution, 0.5, 60, 60)
    solution.call = call
    got, want = spread(plain)
    shared = same_along(plain, 0) or same_along(plain, 1)  # then the spread is that of a few draws: own_noise tells it
    if not chi_square_holds(plain) and chi_square_holds(named) and mean_holds(named) and not shared:
        raise Mistake("other_default", std=got, got=f"{got:.3f}", expected=want)


def test_range_of_p(solution):
    """p in [0, 1) is accepted, 0 included; anything else is refused, 1 and NaN too, in training and in eval, and for an empty x."""
    x = signed(4, 5)
    for p, training in itertools.product((0.3, 0.0, 0.99), (True, False)):
        try:
            solution.gaussian_dropout(x, p, training)
        except ForbiddenCall:
            raise
        except (ValueError, AssertionError):
            if p == 0.0 and training:
                raise Mistake("zero_refused", got=Words("p=0 rejected", "p=0 被拒绝"), expected="0 <= p < 1") from None
            got, expected = Words("an error", "报错"), Words("accepted", "通过")
            expect(False, f"p = {p} was rejected", f"p = {p} 被拒绝", got=got, expected=expected)
    outside, not_a_number, calls = (-0.1, 1.1, -3.0, 2.0), float("nan"), {}

    def ends(p, training):
        told = fate(solution, x, p, training)
        calls[p, training] = solution.call
        return told

    accepted = {training: [p for p in outside if ends(p, training) == "accepted"] for training in (True, False)}
    nan, one = ({training: ends(p, training) for training in (True, False)} for p in (not_a_number, 1.0))
    let_in = {training: bool(accepted[training]) or nan[training] == "accepted" for training in (True, False)}
    if accepted[False] and nan[True] == nan[False] == "accepted":
        solution.call = calls[accepted[False][0], False]
        raise Mistake("no_range_check", p=accepted[False][0])
    if let_in[False] and not let_in[True] and one[True] == "refused":
        p = accepted[False][0] if accepted[False] else not_a_number
        solution.call = calls[p, False]
        raise Mistake("checked_in_training_only", p=p)
    if nan[True] == nan[False] == "accepted" and not accepted[True] and not accepted[False]:
        solution.call = calls[not_a_number, True]
        raise Mistake("nan_accepted")
    if not let_in[True] and not let_in[False] and "ZeroDivisionError" in one.values():
        solution.call = calls[1.0, one[True] == "ZeroDivisionError"]
        raise Mistake("zero_division_at_one", got="ZeroDivisionError", expected="ValueError")
    if not let_in[True] and not let_in[False] and one[True] == "accepted":
        solution.call = calls[1.0, True]
        raise Mistake("one_accepted", got=Words("p=1 accepted", "p=1 通过"), expected="0 <= p < 1")
    for training, p in itertools.product((True, False), (*outside, 1.0, float("nan"), float("inf"))):
        expect_raises((ValueError, AssertionError), solution.gaussian_dropout, x, p, training)
    expect_raises((ValueError, AssertionError), solution.gaussian_dropout, signed(0, 3), 1.5, True)


def fate(solution, x, p, training):
    """What becomes of a call with that p: accepted, refused as asked, or the exception it ends with."""
    try:
        solution.gaussian_dropout(x, p, training)
    except ForbiddenCall:
        raise
    except (ValueError, AssertionError):
        return "refused"
    except ZeroDivisionError:
        return "ZeroDivisionError"
    except Exception:
        return "another error"
    return "accepted"


def test_p_zero(solution):
    """p = 0 is no noise: every value exactly, and the gradient is one everywhere."""
    x = signed(13, 17).requires_grad_()
    y = expect_tensor(solution.gaussian_dropout(x, 0.0, True), shape=x.shape, dtype=x.dtype)
    z = (y.detach() / x.detach() - 1).double()
    std = float(z.square().mean().sqrt())
    if (z != 0).float().mean() > 0.9 and 0 < std < 0.3 and abs(float(z.mean())) < 0.5 * std:
        got = Words(f"y/x - 1 of about {std:.2g}", f"y/x - 1 约 {std:.2g}")
        raise Mistake("noise_at_zero", std=std, got=got, expected="y == x")
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


def test_eval_identity(solution):
    """In eval the values are those of x, bit by bit, for every p and whatever the generator's state; the gradient is one."""
    for p in (0.3, 0.8, 0.5, 0.0):
        x = signed(30, 40)
        y = expect_tensor(solution.gaussian_dropout(x, p, False), shape=x.shape)
        if p in (0.3, 0.8):
            recognise_eval(x, y, p)
        expect_equal(y, x)
    x = signed(24, 31).requires_grad_()
    y = solution.gaussian_dropout(x, 0.4, training=False)
    expect(
        y.requires_grad,
        "no gradient flows in eval",
        "eval 时没有梯度",
        got="requires_grad=False",
        expected="requires_grad=True",
    )
    y.sum().backward()
    expect_equal(x.grad, torch.ones_like(x))


def recognise_eval(x, y, p):
    ratio = (y / x).double()
    if ((ratio - (1 - p)).abs() < 1e-5).all():
        raise Mistake("eval_scaled", p=p, ratio=1 - p, got=f"y/x = {1 - p:g}", expected="y/x = 1")
    z = (ratio - 1) / sigma(p)
    if (z != 0).float().mean() > 0.99 and mean_holds(z) and chi_square_holds(z):
        raise Mistake(
            "noise_in_eval", p=p, std=float((ratio - 1).square().mean().sqrt()), got="y != x", expected="y == x"
        )


def test_mean(solution):
    """The noise has mean one. Σz of n draws is N(0, n): |mean of y/x - 1| stays below σ·√(2·ln(2/α)/n), 0.09 σ at n = 6000.

    The known wrong means (0, 1-p, 1/(1-p)) are off by 0.3 σ and more at p = 0.3 and 0.8, so they are missed with probability below 1e-100.
    """
    seen, calls = noises(solution, (0.3, 0.8, 0.1), 60, 100)
    off = [p for p, z in seen.items() if not mean_holds(z)]
    if not off:
        return
    both = {p: seen[p] * sigma(p) + 1 for p in (0.3, 0.8)}  # the factors

    def explained(mean, std):
        return all(mean_holds(f, mean(p), std(p)) and chi_square_holds(f - mean(p), std(p)) for p, f in both.items())

    said = {"p": 0.3, "mean": float(both[0.3].mean()), "got": f"{float(both[0.3].mean()):.3f}", "expected": "1"}
    solution.call = calls[0.3]
    if explained(lambda p: 0.0, sigma):
        raise Mistake("centred_on_zero", **said)
    if explained(lambda p: 1 / (1 - p), lambda p: sigma(p) / (1 - p)):
        raise Mistake("scaled_too", **said)
    if explained(lambda p: 1 - p, sigma) or explained(lambda p: 1 - p, lambda p: math.sqrt(p * (1 - p))):
        raise Mistake("mean_is_keep", **said)
    p = off[0]
    solution.call = calls[p]
    got, bound = float((seen[p] * sigma(p) + 1).mean()), statistics.normal_sum_bound(6000) * sigma(p) / 6000
    expect(
        False,
        f"the mean of y/x is {got:.3f} at p = {p}, not 1",
        f"p = {p} 时 y/x 的均值是 {got:.3f}，而不是 1",
        got=f"{got:.4f}",
        expected=f"1 ± {bound:.4f}",
    )


def test_multiplicative(solution):
    """Noise multiplies: zero stays zero; the factor has one and the same distribution for small, large, positive and negative x."""
    p = 0.3
    x = signed(50, 80)
    holes = torch.rand(x.shape) < 0.3
    x[holes] = 0.0
    y = expect_tensor(solution.gaussian_dropout(x, p, True), shape=x.shape).double()
    shift = y[holes] / sigma(p)
    if (shift != 0).float().mean() > 0.99 and chi_square_holds(shift):
        std, got = float(y[holes].square().mean().sqrt()), Words("y != 0 where x = 0", "x = 0 处 y != 0")
        raise Mistake("additive", std=std, p=p, got=got, expected="0")
    expect(
        (shift == 0).all(),
        "where x is 0 the result is not",
        "x 为 0 处的结果不是 0",
        got=f"{float(y[holes].abs().max()):.3g}",
        expected="0",
    )
    for p in (0.3, 0.8):
        x = signed(60, 100)
        if p == 0.8:  # far out as well
            x = x * torch.where(torch.rand(x.shape) < 0.5, 2e4, 2e-5)
        y = expect_tensor(solution.gaussian_dropout(x, p, True), shape=x.shape)
        z = (y.double() / x.double() - 1) / sigma(p)
        groups = {"small": x.abs() < 1.25, "large": x.abs() >= 1.25, "positive": x > 0, "negative": x < 0}
        means = {name: float(z[group].mean()) for name, group in groups.items()}
        spreads = {name: float(z[group].square().mean().sqrt()) for name, group in groups.items()}
        right = {name: chi_square_holds(z[group]) and mean_holds(z[group]) for name, group in groups.items()}
        if not any(right.values()) or same_along(z, 0) or same_along(z, 1):
            continue  # wrong for all of x, or a factor shared: the checks of mean, variance and own noise tell it
        for name, group in groups.items():
            expect(
                mean_holds(z[group]),
                f"the {name} values of x are changed by {means[name]:.2f} σ on average",
                f"x 中 {GROUPS[name]} 这一组的值平均偏移 {means[name]:.2f} σ",
                got=f"{means[name]:.3f}",
                expected="0",
            )
            apart = abs(spreads[name] - spreads[OPPOSITE[name]]) > 0.15 * spreads[name]
            normal = apart and all(bell(z[each]) for each in (group, ~group))  # heavy tails make a group stray as well
            if not chi_square_holds(z[group]) and normal and (right[OPPOSITE[name]] or chi_square_holds(z)):
                raise Mistake(
                    "looks_at_the_data",
                    group=Words(name, GROUPS[name]),
                    spread=spreads[name],
                    p=p,
                    got=f"{spreads[name]:.3f} σ",
                    expected="1 σ",
                )
        if all(right.values()):
            continue
        off = next(name for name in groups if not right[name])
        balanced = all(mean_holds(z[group]) for group in groups.values()) and chi_square_holds(z)
        others = right[OPPOSITE[off]] and bell(z[groups[OPPOSITE[off]]])
        expect(
            not balanced and not others,
            f"the {off} values of x have {spreads[off]:.2f} times the standard deviation they should have",
            f"x 中 {GROUPS[off]} 这一组的标准差是应有值的 {spreads[off]:.2f} 倍",
            got=f"{spreads[off]:.3f} σ",
            expected="1 σ",
        )


def bell(z):
    """Is the distribution normal, whatever its spread?"""
    return ks_distance((z / z.square().mean().sqrt()).sort().values) <= statistics.dkw_bound(z.numel())


def test_variance(solution):
    """The variance of the noise is p/(1-p). Laurent and Massart: Σz² of 8000 draws stays within 13 % of 8000.

    σ = p/(1-p), √p, p and √(p(1-p)) are off by 30 % and more in variance at p = 0.3, by more at 0.8 and 0.95.
    At p = 0.995 σ is 14, which a capped p or σ misses; at p = 5e-6 it is 0.0022, which float32 still resolves to 1e-4.
    """
    seen, calls = noises(solution, (0.3, 0.1, 0.8, 0.95, 0.02, 0.995, TINY), 80, 100)
    off = [p for p, z in seen.items() if not chi_square_holds(z)]
    if not off:
        return
    solution.call = calls[0.3]
    name_the_sigma(seen)
    spread_out = (seen[0.3] * 1000).round().unique().numel() > 500  # some 5000 numbers, not the two of a coin
    if off == [TINY] and spread_out:
        std = float((seen[TINY] * sigma(TINY)).square().mean().sqrt())
        solution.call = calls[TINY]
        raise Mistake("tiny_p_lost", p=TINY, std=std, want=sigma(TINY), got=f"{std:.3g}", expected=f"{sigma(TINY):.3g}")
    p = off[0]
    solution.call = calls[p]
    got, _ = spread(seen[p])
    expect(
        False,
        f"at p = {p} the noise has {got:.3f} times the standard deviation it should have",
        f"p = {p} 时噪声的标准差是应有值的 {got:.3f} 倍",
        got=f"{got * sigma(p):.4f}",
        expected=f"{sigma(p):.4f}",
    )


def name_the_sigma(seen):
    """The known wrong standard deviations, each only if it explains the spread at all five p."""
    noises = {p: z * sigma(p) for p, z in seen.items()}
    known = {
        "sigma_not_rooted": lambda p: p / (1 - p),
        "sigma_is_root_p": math.sqrt,
        "sigma_of_unscaled_mask": lambda p: math.sqrt(p * (1 - p)),
        "sigma_is_p": lambda p: p,
        "keep_for_drop": lambda p: math.sqrt((1 - p) / p),
    }
    std = float(noises[0.3].square().mean().sqrt())
    for name, formula in known.items():
        if all(mean_holds(z, 0.0, formula(p)) and chi_square_holds(z, formula(p)) for p, z in noises.items()):
            raise Mistake(name, std=std, want=sigma(0.3), p=0.3, got=f"{std:.3f}", expected=f"{sigma(0.3):.3f}")


def test_normal(solution):
    """The noise is normal: its distribution function (Dvoretzky-Kiefer-Wolfowitz-Massart) and its tails (Chernoff).

    12,000 draws lie within 0.033 of Φ; two values are 0.3 away. Beyond 1, 2 and 3 standard deviations lie 31 %, 4.4 %
    and 0.26 %: a noise cut off at 3 has none of 12,000 there, which 31 expected ones do not allow; Laplace noise has
    1.4 % there, five times as many, uniform noise none beyond 2, where 530 are expected.
    """
    for p in (0.3, 0.8, 0.995):
        z = noise(solution, p, 100, 120).flatten().sort().values
        factor = z * sigma(p) + 1
        flat = factor.abs() < 1e-6
        if (flat | ((factor * (1 - p) - 1).abs() < 1e-5)).all():
            got, expected = Words("y/x takes two values", "y/x 只取两个值"), Words("a normal distribution", "正态分布")
            raise Mistake("bernoulli_inside", p=p, got=got, expected=expected)
        if float(factor.min()) > -1e-6 and flat.any():
            share = statistics.normal_cdf(-1 / sigma(p))
            if statistics.rate_holds(int(flat.sum()), z.numel(), share):
                raise Mistake(
                    "clamped",
                    p=p,
                    share=share,
                    got=Words("no factor below 0", "没有小于 0 的因子"),
                    expected=Words(f"{share:.3f} of them", f"比例 {share:.3f}"),
                )
        far = float(z.abs().max())
        if far <= math.sqrt(3) + 1e-4 and chi_square_holds(z):
            raise Mistake(
                "uniform_noise",
                p=p,
                got=Words(f"nothing beyond {far:.2f} standard deviations", f"没有因子超出 {far:.2f} 个标准差"),
                expected=Words("8 % beyond 1.73", "8% 超出 1.73"),
            )
        n = z.numel()
        own = (z.diff() > 1e-6).float().mean() > 0.9  # not the same few factors for many elements
        if own and chi_square_holds(z) and not (z.abs() > 3.01).any():
            raise Mistake(
                "cut_off",
                p=p,
                far=far,
                got=Words(f"none of {n} factors beyond {far:.2f} σ", f"{n} 个因子中没有一个超出 {far:.2f} σ"),
                expected=Words("about 0.26 %", "约 0.26%"),
            )
        distance = ks_distance(z)
        bound = statistics.dkw_bound(z.numel())
        expect(
            distance <= bound,
            f"the noise is not normal: its distribution is {distance:.3f} away",
            f"噪声不服从正态分布：与正态分布函数相差 {distance:.3f}",
            got=f"{distance:.4f}",
            expected=Words(f"at most {bound:.4f}", f"不超过 {bound:.4f}"),
        )
        for far in (1.01, 2.01, 3.01):
            count, rate = int((z.abs() > far).sum()), 2 * statistics.normal_cdf(-far)
            expect(
                statistics.rate_holds(count, z.numel(), rate),
                f"{count / z.numel():.2%} lie beyond {far:g} standard deviations",
                f"超出 {far:g} 个标准差的比例是 {count / z.numel():.4f}",
                got=f"{count / z.numel():.4f}",
                expected=f"{rate:.4f}",
            )


def ks_distance(ordered):
    """sup|Fₙ - Φ| of sorted draws."""
    n = ordered.numel()
    cdf = torch.erfc(-ordered / math.sqrt(2)) / 2
    steps = torch.arange(n + 1, dtype=torch.float64) / n
    return float(torch.maximum(steps[1:] - cdf, cdf - steps[:-1]).max())


def test_own_noise(solution):
    """Every element has its own noise: neither its sign nor its size is shared along an axis or repeated at a lag.

    Sign and size (|z| above its median) are two fair coins of each element; those of disjoint pairs differ at rate 1/2.
    """
    z = noise(solution, 0.4, 64, 48)
    if same_along(z, 0):
        raise Mistake("shared_over_batch", got=Words("every row has the same factors", "每一行的因子都相同"))
    if same_along(z, 1):
        raise Mistake("shared_over_features", got=Words("one factor for a whole row", "整行只有一个因子"))
    expect(
        not ((z - z.flatten()[0]).abs() < 1e-4).all(),
        "one number was drawn for the whole tensor",
        "整个张量只抽了一个随机数",
    )
    expect_independent(z)
    for shape in ((6, 7, 8, 9), (10, 12, 14), (4, 5, 3, 6, 7)):
        cube, rank = noise(solution, 0.4, *shape), len(shape)
        for axis in range(rank):
            if same_along(cube, axis):
                got = Words(f"shape {shape}: alike along axis {axis}", f"形状 {shape}：沿第 {axis} 维相同")
                raise Mistake("shared_at_some_rank", rank=rank, axis=axis, got=got)
        if rank == 4:
            expect_independent(cube.reshape(42, 72))
    large = noise(solution, 0.4, 600, 40)
    if same_along(large, 0):
        got = Words("600 rows have the same factors", "600 行的因子都相同")
        raise Mistake("large_calls_shared", n=large.numel(), got=got)
    flat = large.flatten()
    for lag in (4096, 8192, 16384):
        if ((flat[lag:] - flat[:-lag]).abs() < 1e-4).all():
            got = Words(f"factors {lag} apart are the same", f"相距 {lag} 的因子相同")
            raise Mistake("large_calls_shared", n=large.numel(), got=got)
    for coin in (flat > 0, flat.abs() > MEDIAN):
        expect_no_repeats(coin, 0.5)
        expect_lags(coin, 0.5, (16384,))


def same_along(z, axis):
    """All alike along that axis, up to the rounding of y/x, and not alike everywhere."""
    alike = ((z - z.narrow(axis, 0, 1)).abs() < 1e-4).all()
    return bool(alike) and not bool(((z - z.flatten()[0]).abs() < 1e-4).all())


def expect_independent(z):
    n = z.numel()
    for coin in (z > 0, z.abs() > MEDIAN):
        for sums, length in ((coin.sum(1), z.shape[1]), (coin.sum(0), z.shape[0])):
            bad = statistics.each_rate_holds(sums.tolist(), length, 0.5)
            expect(bad is None, "the noise is alike along an axis", "噪声沿某一维彼此相关")
        flat = coin.flatten()
        expect_lags(flat, 0.5, (1, 31, z.shape[1], n // 2))


def test_sums_vary(solution):
    """The noise of a call is not standardised: its own mean and spread vary from call to call, and from row to row.

    Eight draws have a mean within 0.001 of one with probability below 0.0023 (their density is at most √8/√(2π)), six
    calls of them all with probability below 1e-15. The spread: 7s² is χ²(7), with a density of at most 0.13, so
    |s - 1| < 0.001 has probability below 0.002. Likewise 120 draws within 1e-4 and 2000 within 2e-5: the densities at
    most √n/√(2π) and about √(n/π) leave each call below 2e-3, six of them below 1e-16. In rows of 48 the sums, divided by √48, are χ²(250) together, and how
    often Σz² of a row, a χ²(48), strays from 48 by more than 8 has an exactly known rate.
    """
    p = 0.4
    small = [noise(solution, p, 2, 4) for _ in range(6)]
    expect(all(z.any() for z in small), "there is no noise", "没有噪声")
    if all(abs(float(z.mean())) < 1e-3 * sigma(p) for z in small):
        for z in small:
            ordered = z.flatten().sort().values
            if float((ordered + ordered.flip(0)).abs().max()) > 1e-4:
                break
        else:
            got = Words("for each draw z a draw -z", "每个 z 都伴随 -z")
            raise Mistake("mirrored_pairs", got=got, expected=Words("independent draws", "独立抽样"))
        raise Mistake(
            "standardised",
            what=Words("mean", "均值"),
            got=Words("a mean of exactly 1 in each of 6 calls", "6 次调用的均值都恰好是 1"),
            expected=Words("a mean that varies", "均值有波动"),
        )
    for correction in (0, 1):
        if all(abs(float(z.std(correction=correction)) - 1) < 1e-3 for z in small):
            raise Mistake(
                "standardised",
                what=Words("std", "标准差"),
                got=Words("the same spread in each of 6 calls", "6 次调用的标准差都相同"),
                expected=Words("a spread that varies", "标准差有波动"),
            )
    for shape, near_by in (((10, 12), 1e-4), ((40, 50), 2e-5)):
        large = [noise(solution, p, *shape) for _ in range(6)]
        exact_mean = all(abs(float(z.mean())) < near_by for z in large)
        exact_spread = any(all(abs(float(z.std(correction=each)) - 1) < near_by for z in large) for each in (0, 1))
        if exact_mean or exact_spread:
            raise Mistake(
                "large_calls_standardised",
                n=shape[0] * shape[1],
                got=Words("the same mean or spread in each of 6 calls", "6 次调用的均值或标准差都相同"),
                expected=Words("a mean and a spread that vary", "均值和标准差都有波动"),
            )
    rows = noise(solution, p, 250, 48)
    sums = rows.sum(1) / math.sqrt(48)
    expect(
        chi_square_holds(sums),
        "the sums of 48 factors vary more or less than independent draws do",
        "48 个因子之和的波动与独立抽样不符",
        got=f"{float(sums.square().mean()):.3f}",
        expected=Words("about 1", "约 1"),
    )
    squares = rows.square().sum(1)
    strays, rate = int(((squares < 40) | (squares > 56)).sum()), 1 - chi_square_above(48, 40) + chi_square_above(48, 56)
    expect(
        statistics.rate_holds(strays, 250, rate),
        "the spread of 48 factors varies more or less than that of independent draws",
        "48 个因子的离散程度的波动与独立抽样不符",
        got=Words(f"{strays / 250:.3f} beyond 48 ± 8", f"{strays / 250:.3f} 超出 48 ± 8"),
        expected=f"{rate:.3f}",
    )


def chi_square_above(n, x):
    """P(χ²(n) > x) for even n: the Poisson sum e^(-x/2) · Σ (x/2)^i / i!, i < n/2."""
    return math.exp(-x / 2) * sum((x / 2) ** i / math.factorial(i) for i in range(n // 2))


def test_fresh_noise(solution):
    """Each call draws anew: of each pair of three calls the signs differ at rate 1/2.

    Six factors of one call are those of another with probability below 1e-15, even if drawn in half precision; out of a
    thousand prepared noises 200 calls draw none twice with probability below 1e-8.
    """
    p = 0.3
    draws = [noise(solution, p, 25, 40) for _ in range(3)]
    expect(all(z.any() for z in draws), "there is no noise", "没有噪声")
    if any(((a - b).abs() < 1e-4).all() for a, b in itertools.combinations(draws, 2)):
        call = solution.call
        with solution.seeded(11):
            solution.gaussian_dropout(signed(4, 4), p, True)
            reseeded = solution.reseeded
        solution.call = call
        got = Words("two calls, one noise", "两次调用，同一份噪声")
        raise Mistake("reseeds" if reseeded else "same_noise_again", got=got)
    for a, b in itertools.combinations(draws, 2):
        differ, n = int(((a > 0) != (b > 0)).sum()), a.numel()
        expect(
            statistics.rate_holds(differ, n, 0.5),
            "two calls are not independent",
            "两次调用不独立",
            got=Words(f"{differ / n:.3f} differ", f"有 {differ / n:.3f} 不同"),
            expected="0.5",
        )
    try:
        with torch.no_grad():  # a noise kept there is as stale
            small = solution.build(HELPER).many(signed(6), p, 200)
    finally:
        solution.call = f"gaussian_dropout(x, p={p}, training=True) × 200    x: (6,) float32"
    small = expect_tensor(small, shape=(200, 6))
    count = len({tuple(each) for each in small.tolist()})
    latest = int((small[1:] == small[:-1]).all(1).sum())  # a noise that stays for some calls is no supply
    own = all(each.unique().numel() > 0.9 * count for each in small.t())  # not the two values of a coin
    if 1 < count < 200 and latest < 0.6 * (200 - count) and own:
        got = Words(f"{count} different ones in 200 calls", f"200 次调用，{count} 种不同的噪声")
        raise Mistake("few_noises", count=count, got=got, expected="200")
    expect(
        count == 200,
        f"200 calls have {count} different noises",
        f"200 次调用只有 {count} 种不同的噪声",
        got=count,
        expected=200,
    )


def test_generator(solution):
    """The noise comes from torch's global generator: its seed decides it, nothing else does, and it is not reseeded."""
    x = signed(30, 40)
    with solution.seeded(7, other=1):
        first = solution.gaussian_dropout(x, 0.4, True)
        reseeded, drew = solution.reseeded, solution.drew
    if reseeded:
        raise Mistake(
            "reseeds", got=Words("the generator has left the stream of its seed", "生成器离开了原种子的随机序列")
        )
    with solution.seeded(7, other=2):
        second = solution.gaussian_dropout(x, 0.4, True)
    with solution.seeded(8, other=1):
        third = solution.gaussian_dropout(x, 0.4, True)
    if not torch.equal(first, second) or torch.equal(first, third):
        draws = []
        for other in range(4):
            with solution.seeded(7, other=other):
                draws.append(noise(solution, 0.4, 30, 40) > 0)
        for a, b in itertools.combinations(draws, 2):  # of another source they would be independent
            expect(
                statistics.rate_holds(int((a != b).sum()), a.numel(), 0.5),
                "at the same seed the noise depends on the calls before",
                "种子相同时，噪声还取决于之前的调用",
                got=Words(
                    f"{float((a != b).float().mean()):.3f} of the signs differ",
                    f"{float((a != b).float().mean()):.3f} 的符号不同",
                ),
                expected="0",
            )
        got = Words("torch.manual_seed does not decide the noise", "torch.manual_seed 不能决定噪声")
        raise Mistake("other_generator", got=got)
    expect(
        drew,
        "the generator stands where it stood before the call, so the next call draws the same",
        "调用之后生成器仍停在调用前的位置，下一次调用会抽到同样的随机数",
    )


def test_gradient(solution):
    """dL/dx is the upstream gradient times this call's own factor y/x, within rounding (x + x·n cancels where y is near 0). Where x is 0 it is a draw
    from N(1, p/(1-p)) as well, or 1 as that of x + σ·|x|·z.
    """
    for p in (0.3, 0.8):
        x = signed(40, 50).requires_grad_()
        g = signed(40, 50)
        y = solution.gaussian_dropout(x, p, True)
        if not y.requires_grad:
            raise Mistake("no_gradient", got="requires_grad=False", expected="requires_grad=True")
        factor = y.detach().double() / x.detach().double()
        (y * g).sum().backward()
        expect(x.grad is not None, "x has no gradient", "x 没有梯度")
        got = x.grad.double() / g.double()
        if near(got, factor):
            continue
        if not got.any():
            raise Mistake("no_reparameterisation", p=p, got="grad = 0", expected="grad/g = y/x")
        if near(got, torch.ones_like(got)):
            raise Mistake("straight_through", p=p, got="grad/g = 1", expected="grad/g = y/x")
        z = (got - 1) / sigma(p)
        differ = int(((z > 0) != (factor > 1)).sum())
        if mean_holds(z) and chi_square_holds(z) and statistics.rate_holds(differ, z.numel(), 0.5):
            share = differ / z.numel()
            raise Mistake(
                "gradient_of_another_noise",
                p=p,
                share=share,
                got=Words(f"{share:.2f} of the signs differ", f"有 {share:.2f} 的符号不同"),
                expected="grad/g = y/x",
            )
        expect_equal(got, factor, atol=3e-5, rtol=3e-5)
    p, x = 0.3, signed(40, 50)
    holes = torch.rand(x.shape) < 0.5
    x = torch.where(holes, 0.0, x).requires_grad_()
    solution.gaussian_dropout(x, p, True).sum().backward()
    z = (x.grad[holes].double() - 1) / sigma(p)
    expect(
        bool(z.isfinite().all()) and (not z.any() or (chi_square_holds(z) and mean_holds(z))),
        "where x is 0 the gradient is not the factor",
        "x 为 0 处的梯度不等于噪声因子",
        got=Words(f"mean {float(z.mean() * sigma(p) + 1):.3f}", f"均值 {float(z.mean() * sigma(p) + 1):.3f}"),
        expected="1",
    )


def near(got, want, tol=3e-5):
    return bool(((got - want).abs() <= tol * (1 + want.abs())).all())


def test_dtypes(solution):
    """float16, bfloat16, float32 and float64 come back as they went in, in training and in eval, with the right noise.

    In half precision the factor y/x is rounded by less than 1e-2 (bfloat16 4e-2) of 1 + |factor|, which changes its
    variance by less than 1 %; 1200 draws settle it within 34 %.
    """
    for dtype, tol in HALF.items():
        for p, training in ((0.3, True), (0.3, False), (0.0, True)):
            x = signed(30, 40, dtype=dtype).requires_grad_(p == 0.3)
            y = expect_tensor(solution.gaussian_dropout(x, p, training), shape=x.shape)
            if y.dtype is not dtype:
                came, went = (str(each).removeprefix("torch.") for each in (y.dtype, dtype))
                if y.dtype is torch.float32 and training and p:
                    raise Mistake("float_noise", came=came, went=went, got=came, expected=went)
                expect_tensor(y, dtype=dtype)
            if not training or not p:
                expect_equal(y, x)
                continue
            factor = y.detach().double() / x.detach().double()
            z = (factor - 1) / sigma(p)
            expect(
                chi_square_holds(z) and mean_holds(z),
                "the noise has the wrong mean or variance in this dtype",
                "该 dtype 下噪声的均值或方差不对",
                got=f"{float(factor.mean()):.3f}, {float(factor.var()):.3f}",
                expected=f"1, {sigma(p) ** 2:.3f}",
            )
            for axis, alike in enumerate((z - z[:1], z - z[:, :1])):
                expect(
                    (alike.abs() > 10 * tol * (1 + z.abs())).float().mean() > 0.1,
                    f"in this dtype the noise is shared over axis {axis}", f"该 dtype 下第 {axis} 维共用同一份噪声",
                )  # fmt: skip
            if p == 0.3:
                y.sum().backward()
                expect(
                    x.grad is not None and near(x.grad.double(), factor, max(tol, 3e-5)),
                    "the gradient is not the factor in this dtype",
                    "该 dtype 下的梯度不等于噪声因子",
                )


def test_shapes(solution):
    """0-d, empty, one element, 1-d, 4-d and non-contiguous inputs, in training and in eval.

    A factor of exactly 1 has probability below 1e-7, so nine of them below 1e-60; |z| > 40 has none to speak of.
    """
    p = 0.4
    for shape in ((), (0,), (3, 0, 2), (1,), (9,), (2, 3, 4, 5), (1, 1, 1), (1, 24), (1, 3, 8), (24, 1)):
        x = signed(*shape)
        y = expect_tensor(solution.gaussian_dropout(x, p, True), shape=shape, dtype=x.dtype)
        expect(
            not (y.abs() > 40 * x.abs()).any(),
            f"far too much noise for an input of shape {shape}",
            f"形状为 {shape} 的输入噪声过大",
            got=y,
        )
        if x.dim() > 1 and x.shape[0] == 1 and x.numel() >= 9 and torch.equal(y, x):
            raise Mistake("lone_sample_left_alone", shape=str(shape), got="y == x", expected=Words("noise", "有噪声"))
        expect(
            x.numel() < 9 or not torch.equal(y, x),
            f"no noise for an input of shape {shape}",
            f"形状为 {shape} 的输入没有噪声",
        )
        expect_equal(solution.gaussian_dropout(x, p, False), x)
    try:
        scalars = solution.build(HELPER).many(torch.tensor(1.5), p, 60)
    finally:
        solution.call = f"gaussian_dropout(x, p={p}, training=True) × 60    x: () float32"
    scalars = expect_tensor(scalars, shape=(60,)).double()
    z = (scalars / 1.5 - 1) / sigma(p)
    few = len(set(z.tolist())) <= 50  # that ten of 60 draws repeat another has probability below 1e-30
    expect(
        not few and mean_holds(z),
        "a 0-d input gets the wrong noise",
        "0-d 输入的噪声不对",
        got=Words(f"mean {float(z.mean()):.2f}", f"均值 {float(z.mean()):.2f}"),
    )
    views = {
        "a transpose": ("转置", signed(40, 35).t()),
        "a slice": ("切片", signed(80, 50)[::2, 5:40]),
        "an expanded row": ("expand 出来的行", signed(1, 40).expand(35, 40)),
    }
    for name, (zh, x) in views.items():
        y = expect_tensor(called_on_a_view(solution, x, p), shape=x.shape)
        z = (y.double() / x.double() - 1) / sigma(p)
        expect(
            mean_holds(z) and chi_square_holds(z),
            f"the noise is wrong for {name}",
            "非连续输入的噪声不对",
            got=Words(name, zh),
        )
        expect(
            not same_along(z, 0) and not same_along(z, 1),
            f"the noise of {name} is shared",
            "非连续输入共用了噪声",
            got=Words(name, zh),
        )
        expect_equal(solution.gaussian_dropout(x, p, False), x)


def called_on_a_view(solution, x, p):
    try:
        return solution.gaussian_dropout(x, p, True)
    except RuntimeError as error:
        told = "view size is not compatible"  # torch's words, in either language
        if told in str(error):
            raise Mistake("flattens_with_view", got=f"RuntimeError: {told}") from None
        raise


def test_input_untouched(solution):
    """x holds the same bits after the call, whatever p and the mode, and under no_grad."""
    calls = [(p, training, True) for p, training in ((0.5, True), (0.0, True), (0.9, True), (0.5, False))]
    for p, training, grad in (*calls, (0.5, True, False), (0.5, False, False)):
        with torch.set_grad_enabled(grad):
            solution.gaussian_dropout(signed(12, 15), p, training)
        if solution.changed:
            raise Mistake("changes_the_input", mode=Words("training", "训练") if training else "eval", p=p)


def test_device(solution):
    """The noise is made where x lives: seen with a tensor that poses as living on another device."""
    x = signed(12, 15)
    for training in (True, False):
        match solution.device_of("gaussian_dropout", x, 0.5, training):
            case "mixed":
                got = Words("CPU noise met x on another device", "CPU 上的噪声遇到了另一个 device 上的 x")
                raise Mistake("noise_on_cpu", got=got)
            case "here":
                raise Mistake("noise_on_cpu", got=Words("the result stayed on the CPU", "结果留在了 CPU 上"))
