"""Checks for `gaussian_dropout(x, p=0.5, training=True)`: those of the family that ask for no coin; and the noise.

What is judged is the factor y/x, or z = (y/x - 1)/σ with σ² = p/(1-p), which has to be standard normal. Inputs have
both signs and lie between 0.5 and 2 in magnitude, so float32 rounds y/x by less than 1e-6. Each statistical test
spends at most ALPHA = 1e-11 of false alarm and the suite has fewer than a hundred of them: a right answer is turned away
with probability below 1e-9 a run. About 220,000 normal numbers are drawn in all, so that a plain Python loop is judged
within its twenty seconds. p is rarely one half, where σ = 1, and σ, σ², p/(1-p) and (1-p)/p coincide.
"""

import math
from typing import Any

import torch

from interview.grading.checks import statistics
from interview.grading.checks.callers import Function, worker
from interview.grading.checks.dropout_family import Family, Reading
from interview.grading.checks.expect import Mistake, Words, Wrong, expect, expect_equal, expect_tensor, suppose
from interview.grading.checks.masks import expect_lags, expect_no_repeats, signed

TINY = 5e-6
OTHER = ("the mean or the variance of the noise is another, so this cannot be told", "噪声的均值或方差不对，无从判断")
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


def same_along(z, axis):
    """All alike along that axis, up to the rounding of y/x, and not alike everywhere."""
    alike = ((z - z.narrow(axis, 0, 1)).abs() < 1e-4).all()
    return bool(alike) and not bool(((z - z.flatten()[0]).abs() < 1e-4).all())


def spread(z):
    """The root mean square, and the interval that is proved for it."""
    low, high = statistics.chi_square_interval(z.numel())
    n = z.numel()
    return float(z.square().mean().sqrt()), f"{math.sqrt(low / n):.3f} … {math.sqrt(high / n):.3f}"


class Coins(Reading):
    """Coins of the noise, at any rate p: with `times` = 1 those of its sign, dropped where Φ(z) < p, with 2 those of its
    size, dropped where the fraction of 2·Φ(z) is below p. x is ± a power of two, so that y/x is the factor to the last
    bit.
    """

    def __init__(self, times):
        self.times = times

    def draw(self, *shape, dtype=torch.float32):
        return (2.0 ** torch.randint(-1, 2, shape) * (1 - 2 * torch.randint(0, 2, shape))).to(dtype)

    def read(self, x, y, p):
        y = expect_tensor(y, shape=x.shape).detach().double()
        u = self.times * torch.erfc((1 - y / x.double()) / sigma(p) / math.sqrt(2)) / 2
        return torch.where(u - u.floor() < p, 0.0, x.double()).to(x.dtype)


class Noise(Family):
    """The family, where every element is multiplied and none dropped."""

    def expect_default(self, solution):
        """Without p the spread is that of p = 0.5: Σz² of 3600 draws stays within 21 % of its mean, and a default of
        0.4 or 0.6 changes it by a third.
        """
        x = signed(60, 60)
        y = expect_tensor(self.call.by_default(solution, x), shape=x.shape, dtype=x.dtype)
        call, plain = solution.call, (y / x - 1).double()
        named = noise(solution, 0.5, 60, 60)
        solution.call = call
        got, want = spread(plain)
        shared = same_along(plain, 0) or same_along(plain, 1)  # a few draws have another spread: own_noise tells
        if not chi_square_holds(plain) and chi_square_holds(named) and mean_holds(named) and not shared:
            raise Mistake("other_default", std=got, got=f"{got:.3f}", expected=want)

    def mixes(self, solution):  # noqa: ARG002
        """A factor of exactly 1 for all of x is no chance."""
        return True

    def name_the_eval(self, seen):
        for p in (0.3, 0.8):
            x, y = seen[p]
            z = (y.double() / x.double() - 1) / sigma(p)
            if (z != 0).float().mean() > 0.99 and mean_holds(z) and chi_square_holds(z):
                std = float((z * sigma(p)).square().mean().sqrt())
                raise Mistake("noise_in_eval", p=p, std=std, got="y != x", expected="y == x")
        super().name_the_eval(seen)

    def expect_drawn(self, y):
        """Nothing is dropped here, and an output that is x itself is told by `interface`."""

    def expect_no_memory(self, solution, x):
        """Of another source the signs would be independent."""
        signs.expect_no_memory(solution, x)

    def at_an_end(self, solution, x, p):
        y = super().at_an_end(solution, x, p)
        z = (y.detach() / x.detach() - 1).double()
        std = float(z.square().mean().sqrt())
        if (z != 0).float().mean() > 0.9 and 0 < std < 0.3 and abs(float(z.mean())) < 0.5 * std:
            got = Words(f"y/x - 1 of about {std:.2g}", f"y/x - 1 约 {std:.2g}")
            raise Mistake("noise_at_zero", std=std, got=got, expected="y == x")
        return y

    def coarse(self, dtype):  # noqa: ARG002
        """A normal draw in half precision is as right as any."""
        return ()

    def expect_values(self, solution, x, y, p, tol):
        """The factor y/x is rounded by less than `tol` of 1 + |factor|, which changes its variance by less than 1 %; 1200
        draws settle it within 34 %."""
        factor = y.detach().double() / x.detach().double()
        z = (factor - 1) / sigma(p)
        right = chi_square_holds(z) and mean_holds(z)
        if not right:
            self.suppose_usual(solution, p)
        expect(
            right,
            "the noise has the wrong mean or variance in this dtype", "该 dtype 下噪声的均值或方差不对",
            got=f"{float(factor.mean()):.3f}, {float(factor.var()):.3f}", expected=f"1, {sigma(p) ** 2:.3f}",
        )  # fmt: skip
        for axis, alike in enumerate((z - z[:1], z - z[:, :1])):
            en, zh = f"in this dtype the noise is shared over axis {axis}", f"该 dtype 下第 {axis} 维共用同一份噪声"
            expect((alike.abs() > 10 * tol * (1 + z.abs())).float().mean() > 0.1, en, zh)
        y.sum().backward()
        en, zh = "the gradient is not the factor in this dtype", "该 dtype 下的梯度不等于噪声因子"
        expect(x.grad is not None and near(x.grad.double(), factor, max(tol, 3e-5)), en, zh)

    def suppose_usual(self, solution, p):
        z = noise(solution, p, 50, 40)
        en, zh = "of a usual input the noise is not right either", "普通输入的噪声也不对"
        suppose(mean_holds(z) and chi_square_holds(z), en, zh)

    def adds_up(self, x, g, p, first, second, grad):  # noqa: ARG002
        a, b, grad = (expect_tensor(each, shape=x.shape).double() for each in (first, second, grad))
        return near(grad / g.double(), 1 + (a + b) / x.double())

    def expect_form(self, y, x, name, p, *, training):
        """In training a factor of exactly 1 has probability below 1e-7, so nine of them below 1e-60, and |z| > 40 has none
        to speak of. A thousand of them settle mean and spread."""
        if not training:
            super().expect_form(y, x, name, p, training=False)
            return
        expect(not (y.abs() > 40 * x.abs()).any(), f"far too much noise for {name.en}", f"{name.zh}噪声过大", got=y)
        if x.numel() >= 9 and torch.equal(y, x):
            if x.dim() > 1 and x.shape[0] == 1:
                shape = str(tuple(x.shape))
                raise Mistake("lone_sample_left_alone", shape=shape, got="y == x", expected=Words("noise", "有噪声"))
            raise Wrong(f"no noise for {name.en}", f"{name.zh}没有噪声")
        if x.numel() >= 1000:
            z = (y.double() / x.double() - 1) / sigma(p)
            right = mean_holds(z) and chi_square_holds(z) and not same_along(z, 0) and not same_along(z, 1)
            expect(right, f"the noise is wrong for {name.en}", f"{name.zh}噪声不对")

    def expect_scalars(self, solution, p):
        """That ten of 60 draws repeat another has probability below 1e-30."""
        try:
            found = worker(solution, self.call).results(torch.tensor(1.5), p, 60)
        finally:
            solution.call = f"{self.call.shown(p)} × 60    x: () float32"
        z = (expect_tensor(found, shape=(60,)).double() / 1.5 - 1) / sigma(p)
        got = Words(f"mean {float(z.mean()):.2f}", f"均值 {float(z.mean()):.2f}")
        right = len(set(z.tolist())) > 50 and mean_holds(z)
        expect(right, "a 0-d input gets the wrong noise", "0-d 输入的噪声不对", got=got)


gaussian = Noise(call=Function("gaussian_dropout"), exact=1e-5, at_zero=0.0, closed=False)
signs, sizes = (Family(call=gaussian.call, reading=Coins(times), side=110, closed=False) for times in (1, 2))

SHAPES = ((1,), (), (0,), (3, 0, 2), (9,), (2, 3, 4, 5), (1, 1, 1), (1, 24), (1, 3, 8), (24, 1))
VIEWS = {
    ("a transpose", "转置的输入"): lambda: signed(40, 35).t(),
    ("a slice", "切片的输入"): lambda: signed(80, 50)[::2, 5:40],
    ("an expanded row", "expand 得到的输入"): lambda: signed(1, 40).expand(35, 40),
}

test_from_scratch = gaussian.from_scratch()
test_interface = gaussian.interface()
test_range_of_p = gaussian.range_of_p()
test_input_untouched = gaussian.input_untouched()
test_p_zero = gaussian.p_zero()
test_eval_identity = gaussian.eval_identity()
test_eval_repeats = gaussian.eval_repeats()


def test_mean(solution):
    """The noise has mean one. Σz of n draws is N(0, n): |mean of y/x - 1| stays below σ·√(2·ln(2/α)/n), 0.09 σ at n =
    6000. The known wrong means (0, 1-p, 1/(1-p)) are off by 0.3 σ and more at p = 0.3 and 0.8, so they are missed with
    probability below 1e-100.
    """
    seen, calls = noises(solution, (0.3, 0.8, 0.1), 60, 100)
    off = [p for p, z in seen.items() if not mean_holds(z)]
    if not off:
        return
    both = {p: seen[p] * sigma(p) + 1 for p in (0.3, 0.8)}  # the factors

    def explained(mean, std):
        return all(mean_holds(f, mean(p), std(p)) and chi_square_holds(f - mean(p), std(p)) for p, f in both.items())

    said: dict[str, Any] = {
        "p": 0.3,
        "mean": float(both[0.3].mean()),
        "got": f"{float(both[0.3].mean()):.3f}",
        "expected": "1",
    }
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
    en, zh = f"the mean of y/x is {got:.3f} at p = {p}, not 1", f"p = {p} 时 y/x 的均值是 {got:.3f}，而不是 1"
    raise Wrong(en, zh, got=f"{got:.4f}", expected=f"1 ± {bound:.4f}")


def test_multiplicative(solution):
    """Noise multiplies: zero stays zero; the factor has one and the same distribution for small, large, positive and
    negative x.
    """
    p, x = 0.3, signed(50, 80)
    holes = torch.rand(x.shape) < 0.3
    y = gaussian.forward(solution, torch.where(holes, 0.0, x), p)[holes].double()
    if (y != 0).float().mean() > 0.99 and chi_square_holds(y / sigma(p)):
        got = Words("y != 0 where x = 0", "x = 0 处 y != 0")
        raise Mistake("additive", std=float(y.square().mean().sqrt()), p=p, got=got, expected="0")
    en, zh = "where x is 0 the result is not", "x 为 0 处的结果不是 0"
    expect((y == 0).all(), en, zh, got=f"{float(y.abs().max()):.3g}", expected="0")
    for p, far_out in ((0.3, False), (0.8, True)):
        x = signed(60, 100)
        if far_out:
            x = x * torch.where(torch.rand(x.shape) < 0.5, 2e4, 2e-5)
        z = (gaussian.forward(solution, x, p).double() / x.double() - 1) / sigma(p)
        expect_blind(x, z, p)


def expect_blind(x, z, p):
    """No group of values has a noise of its own. Where all are wrong, or a factor is shared, the checks of mean,
    variance and own noise tell it; and heavy tails make a group stray as well.
    """
    groups = {"small": x.abs() < 1.25, "large": x.abs() >= 1.25, "positive": x > 0, "negative": x < 0}
    right = {name: chi_square_holds(z[group]) and mean_holds(z[group]) for name, group in groups.items()}
    if all(right.values()) or not any(right.values()) or same_along(z, 0) or same_along(z, 1):
        return
    spreads = {name: float(z[group].square().mean().sqrt()) for name, group in groups.items()}
    for name, group in groups.items():
        mean = float(z[group].mean())
        en, zh = (
            f"the {name} values of x are changed by {mean:.2f} σ on average",
            f"x 中 {GROUPS[name]} 这一组的值平均偏移 {mean:.2f} σ",
        )
        expect(mean_holds(z[group]), en, zh, got=f"{mean:.3f}", expected="0")
        apart = abs(spreads[name] - spreads[OPPOSITE[name]]) > 0.15 * spreads[name]
        normal = apart and bell(z[group]) and bell(z[~group])
        if not chi_square_holds(z[group]) and normal and (right[OPPOSITE[name]] or chi_square_holds(z)):
            said = {"spread": spreads[name], "p": p, "got": f"{spreads[name]:.3f} σ", "expected": "1 σ"}
            raise Mistake("looks_at_the_data", group=Words(name, GROUPS[name]), **said)
    off = next(name for name in groups if not right[name])
    balanced = all(mean_holds(z[group]) for group in groups.values()) and chi_square_holds(z)
    if balanced or (right[OPPOSITE[off]] and bell(z[groups[OPPOSITE[off]]])):
        raise Wrong(
            f"the {off} values of x have {spreads[off]:.2f} times the standard deviation they should have",
            f"x 中 {GROUPS[off]} 这一组的标准差是应有值的 {spreads[off]:.2f} 倍", got=f"{spreads[off]:.3f} σ", expected="1 σ",
        )  # fmt: skip


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
    suppose(
        mean_holds(seen[p]),
        "the noise has another mean, so its spread around 1 says nothing",
        "噪声的均值不是 1，无从判断它围绕 1 的离散程度",
    )
    got, _ = spread(seen[p])
    raise Wrong(
        f"at p = {p} the noise has {got:.3f} times the standard deviation it should have",
        f"p = {p} 时噪声的标准差是应有值的 {got:.3f} 倍", got=f"{got * sigma(p):.4f}", expected=f"{sigma(p):.4f}",
    )  # fmt: skip


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
        name_the_noise(z, p)
        suppose(mean_holds(z) and chi_square_holds(z), *OTHER)
        distance, bound = ks_distance(z), statistics.dkw_bound(z.numel())
        en, zh = (
            f"the noise is not normal: its distribution is {distance:.3f} away",
            f"噪声不服从正态分布：与正态分布函数相差 {distance:.3f}",
        )
        expected = Words(f"at most {bound:.4f}", f"不超过 {bound:.4f}")
        expect(distance <= bound, en, zh, got=f"{distance:.4f}", expected=expected)
        for far in (1.01, 2.01, 3.01):
            count, rate = int((z.abs() > far).sum()), 2 * statistics.normal_cdf(-far)
            share = count / z.numel()
            en, zh = f"{share:.2%} lie beyond {far:g} standard deviations", f"超出 {far:g} 个标准差的比例是 {share:.4f}"
            right = statistics.rate_holds(count, z.numel(), rate)
            expect(right, en, zh, got=f"{share:.4f}", expected=f"{rate:.4f}")


def name_the_noise(z, p):
    """The known ones that are not normal."""
    factor, n, far = z * sigma(p) + 1, z.numel(), float(z.abs().max())
    flat = factor.abs() < 1e-6
    if (flat | ((factor * (1 - p) - 1).abs() < 1e-5)).all():
        got, expected = Words("y/x takes two values", "y/x 只取两个值"), Words("a normal distribution", "正态分布")
        raise Mistake("bernoulli_inside", p=p, got=got, expected=expected)
    share = statistics.normal_cdf(-1 / sigma(p))
    if float(factor.min()) > -1e-6 and flat.any() and statistics.rate_holds(int(flat.sum()), n, share):
        got, expected = (
            Words("no factor below 0", "没有小于 0 的因子"),
            Words(f"{share:.3f} of them", f"比例 {share:.3f}"),
        )
        raise Mistake("clamped", p=p, share=share, got=got, expected=expected)
    if far <= math.sqrt(3) + 1e-4 and chi_square_holds(z):
        got = Words(f"nothing beyond {far:.2f} standard deviations", f"没有因子超出 {far:.2f} 个标准差")
        raise Mistake("uniform_noise", p=p, got=got, expected=Words("8 % beyond 1.73", "8% 超出 1.73"))
    own = (z.diff() > 1e-6).float().mean() > 0.9  # not the same few factors for many elements
    if own and chi_square_holds(z) and not (z.abs() > 3.01).any():
        got = Words(f"none of {n} factors beyond {far:.2f} σ", f"{n} 个因子中没有一个超出 {far:.2f} σ")
        raise Mistake("cut_off", p=p, far=far, got=got, expected=Words("about 0.26 %", "约 0.26%"))


def ks_distance(ordered):
    """sup|Fₙ - Φ| of sorted draws."""
    n = ordered.numel()
    cdf = torch.erfc(-ordered / math.sqrt(2)) / 2
    steps = torch.arange(n + 1, dtype=torch.float64) / n
    return float(torch.maximum(steps[1:] - cdf, cdf - steps[:-1]).max())


test_fresh_noise = signs.fresh_mask()


def test_own_noise(solution):
    """Every element has its own noise: neither its sign nor its size is shared along an axis or repeated at a lag, nor
    are the factors of a large call those of a small one laid side by side.
    """
    for coins in (signs, sizes):
        coins.own_coin()(solution)
    large = sizes.sheet(solution, 0.4, 600, 40).flatten()
    for lag in (4096, 8192, 16384):
        if torch.equal(large[lag:], large[:-lag]):
            got = Words(f"factors {lag} apart are the same", f"相距 {lag} 的因子相同")
            raise Mistake("coins_repeated", n=large.numel(), lag=lag, got=got)
    expect_no_repeats(large, 0.4)
    expect_lags(large, 0.4, (16384,))


def test_sums_vary(solution):
    """The noise of a call is not standardised: its own mean and spread vary from call to call, and from row to row.

    Eight draws have a mean within 0.001 of one with probability below 0.0023 (their density is at most √8/√(2π)), six
    calls of them all with probability below 1e-15. The spread: 7s² is χ²(7), with a density of at most 0.13, so
    |s - 1| < 0.001 has probability below 0.002. Likewise 120 draws within 1e-4 and 2000 within 2e-5: the densities at
    most √n/√(2π) and about √(n/π) leave each call below 2e-3, six of them below 1e-16. In rows of 48 the sums, divided
    by √48, are χ²(250) together, and how often Σz² of a row, a χ²(48), strays from 48 by more than 8 has an exactly
    known rate.
    """
    p = 0.4
    for shape, near_by in (((2, 4), 1e-3), ((10, 12), 1e-4), ((40, 50), 2e-5)):
        draws = [noise(solution, p, *shape).flatten() for _ in range(6)]
        expect(all(z.any() for z in draws), "there is no noise", "没有噪声")
        said = {"n": draws[0].numel(), "got": Words("the same in each of 6 calls", "6 次调用都相同"),
                "expected": Words("one that varies", "有波动")}  # fmt: skip
        if all(float((z.sort().values + z.sort().values.flip(0)).abs().max()) < 1e-4 for z in draws):
            raise Mistake("mirrored_pairs", got=Words("for each draw z a draw -z", "每个 z 都伴随 -z"))
        if all(abs(float(z.mean())) < near_by for z in draws):
            raise Mistake("standardised", what=Words("mean", "均值"), **said)
        if any(all(abs(float(z.std(correction=each)) - 1) < near_by for z in draws) for each in (0, 1)):
            raise Mistake("standardised", what=Words("std", "标准差"), **said)
    rows = noise(solution, p, 250, 48)
    suppose(mean_holds(rows) and chi_square_holds(rows), *OTHER)
    sums, squares = rows.sum(1) / math.sqrt(48), rows.square().sum(1)
    en, zh = "the sums of 48 factors vary more or less than independent draws do", "48 个因子之和的波动与独立抽样不符"
    expect(chi_square_holds(sums), en, zh, got=f"{float(sums.square().mean()):.3f}", expected="≈ 1")
    strays, rate = int(((squares < 40) | (squares > 56)).sum()), 1 - chi_square_above(48, 40) + chi_square_above(48, 56)
    expect(
        statistics.rate_holds(strays, 250, rate), "the spread of 48 factors varies more or less than that of independent draws",
        "48 个因子的离散程度的波动与独立抽样不符",
        got=Words(f"{strays / 250:.3f} beyond 48 ± 8", f"{strays / 250:.3f} 超出 48 ± 8"), expected=f"{rate:.3f}",
    )  # fmt: skip


def chi_square_above(n, x):
    """P(χ²(n) > x) for even n: the Poisson sum e^(-x/2) · Σ (x/2)^i / i!, i < n/2."""
    return math.exp(-x / 2) * sum((x / 2) ** i / math.factorial(i) for i in range(n // 2))


test_generator = gaussian.generator()


def test_gradient(solution):
    """dL/dx is the upstream gradient times this call's own factor y/x, within rounding (x + x·n cancels where y is near
    0), also when another call comes before backward, and beside a skip connection. Where x is 0 it is a draw from
    N(1, p/(1-p)) as well, or 1 as that of x + σ·|x|·z.
    """
    for p, between in ((0.3, False), (0.8, False), (0.3, True)):
        x, g = signed(40, 50).requires_grad_(), signed(40, 50)
        y = gaussian.forward(solution, x, p)
        if not y.requires_grad:
            raise Mistake("no_gradient", got="requires_grad=False", expected="requires_grad=True")
        call = solution.call
        if between:
            gaussian.forward(solution, signed(40, 50).requires_grad_(), p)
            solution.call = call
        factor = y.detach().double() / x.detach().double()
        (y * g).sum().backward()
        expect(x.grad is not None, "x has no gradient", "x 没有梯度")
        name_the_gradient(x.grad.double() / g.double(), factor, p, between=between)
    p, x = 0.3, signed(40, 50)
    holes = torch.rand(x.shape) < 0.5
    x = torch.where(holes, 0.0, x).requires_grad_()
    gaussian.forward(solution, x, p).sum().backward()
    z = (x.grad[holes].double() - 1) / sigma(p)
    right = bool(z.isfinite().all()) and (not z.any() or (chi_square_holds(z) and mean_holds(z)))
    en, zh, mean = (
        "where x is 0 the gradient is not the factor",
        "x 为 0 处的梯度不等于噪声因子",
        float(z.mean() * sigma(p) + 1),
    )
    expect(right, en, zh, got=Words(f"mean {mean:.3f}", f"均值 {mean:.3f}"), expected="1")
    gaussian.expect_sum(solution)


def name_the_gradient(got, factor, p, *, between):
    """The known wrong ones; else what differs."""
    if near(got, factor):
        return
    if not got.any():
        raise Mistake("no_reparameterisation", p=p, got="grad = 0", expected="grad/g = y/x")
    if near(got, torch.ones_like(got)):
        raise Mistake("straight_through", p=p, got="grad/g = 1", expected="grad/g = y/x")
    z = (got - 1) / sigma(p)
    wrong, total = int(((z > 0) != (factor > 1)).sum()), z.numel()
    if mean_holds(z) and chi_square_holds(z) and statistics.rate_holds(wrong, total, 0.5):
        said: dict[str, Any] = {"got": Words(f"{wrong / total:.2f} of the signs differ", f"有 {wrong / total:.2f} 的符号不同"),
                "expected": "grad/g = y/x"}  # fmt: skip
        if between:
            raise Mistake("mask_of_latest_call", wrong=wrong, total=total, **said)
        raise Mistake("gradient_of_another_mask", p=p, wrong=wrong, total=total, **said)
    expect_equal(got, factor, atol=3e-5, rtol=3e-5)


def near(got, want, tol=3e-5):
    return bool(((got - want).abs() <= tol * (1 + want.abs())).all())


test_dtypes = gaussian.dtypes()
test_shapes = gaussian.shapes(SHAPES, VIEWS)
test_device = gaussian.device()
