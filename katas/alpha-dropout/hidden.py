"""Checks for `alpha_dropout(x, p=0.5, training=True)`: those of the family, a coin an element; and the affine map.

Inputs lie in ±(0.5 … 1.5), away from α' = -1.758, so that what is kept is at least a/4 from what is dropped. λ and α
with four decimals are off by 2.2e-5, by which b moves by at most 4·a·|x|·2.2e-5: 2e-4 of a·|x| admits them. In half
precision six roundings of numbers below 3.3·a, each by 2^-9 of them in bfloat16, are less than 8e-2 of a·|x|.
"""

import torch

from interview.grading.checks.callers import Function
from interview.grading.checks.dropout_family import Family, Reading
from interview.grading.checks.expect import Mistake, Words, expect, expect_equal, expect_tensor, suppose
from interview.grading.checks.masks import even_sums, same, signed
from interview.grading.checks.statistics import rate_holds, weighted_sum_bound

LAMBDA, ALPHA = 1.0507009873554805, 1.6732632423543772
PRIME = -LAMBDA * ALPHA
NEAR = {torch.float16: 1e-2, torch.bfloat16: 4e-2}
CLOSE = 2e-4
UNTOLD = (
    "what is dropped cannot be told: the values are not a·x + b and a·α' + b",
    "数值不是 a·x + b 和 a·α' + b，看不出丢弃了哪些",
)
FAR = {"zero": "x = 0", "far": "|x| >= 10", "low": "x 约为 -5"}


def whole(p, prime=PRIME):
    """a, b and what is dropped: (1-p)·a² + p·a²·α'² - (p·a·α')² = 1, the mean p·a·α' + b = 0, and a·α' + b."""
    a = ((1 - p) * (1 + p * prime**2)) ** -0.5
    return a, -a * prime * p, a * prime * (1 - p)


def slope(p):
    return whole(p)[0]


class Affine(Reading):
    """Dropped where y is a·α' + b; what is kept is told without b, as a·x."""

    def draw(self, *shape, dtype=torch.float32):
        x = signed(*shape)
        return torch.where(x.abs() > 1.5, x - torch.copysign(torch.tensor(0.5), x), x).to(dtype)

    def read(self, x, y, p):
        y = expect_tensor(y, shape=x.shape).detach()
        if torch.equal(y, x):
            return y
        a, b, d = whole(p)
        gone = (y.double() - d).abs() <= NEAR.get(y.dtype, CLOSE) * a * abs(PRIME)
        return torch.where(gone, 0.0, y.double() - b).to(y.dtype)


class Alpha(Family):
    """The family, and what is known to go wrong where more than a scale is at stake."""

    def tolerance(self, dtype):
        return {torch.float16: 1e-2, torch.bfloat16: 8e-2}.get(dtype, CLOSE)

    def suppose_told(self, drawn, p):
        """What is neither kept nor dropped has no coin: `two_values` tells of it."""
        told = sum(int(((y == 0) | same(y, x * slope(p), self.tolerance(x.dtype))).sum()) for x, y in drawn)
        n = sum(x.numel() for x, _ in drawn)
        suppose(
            2 * told > n, *UNTOLD, got=Words(f"{n - told} of {n} are neither", f"{n} 个中有 {n - told} 个两者都不是")
        )

    def expect_default(self, solution):
        """Without p, a, b and what is dropped are those of p = 0.5."""
        x = self.draw(40, 50)
        y = expect_tensor(solution.alpha_dropout(x), shape=x.shape, dtype=x.dtype)
        found, call = fit(x, y), solution.call
        given = fit(x, solution.alpha_dropout(x, 0.5))
        solution.call = call
        if given and near(given, whole(0.5)) and not (found and near(found, whole(0.5))):
            share = float(((y - y.flatten().mode().values).abs() < 1e-4).float().mean())
            raise Mistake("other_default", share=share, default=0.5, got=told(found), expected=told(given))

    def name_the_eval(self, seen):
        p, (a, b, _) = 0.3, whole(0.3)
        if all(((y - (slope(q) * x + whole(q)[1])).abs() < 1e-3).all() for q, (x, y) in seen.items() if 0 < q < 0.9):
            raise Mistake("affine_in_eval", a=a, b=b, p=p, got=f"{a:.3f}·x + {b:.3f}", expected="x")
        super().name_the_eval(seen)

    def name_the_gradient(self, grad, g, alive, y, x, p):
        suppose(self.right(y, x, p), *UNTOLD)
        there, gone = (f"{float((grad / g)[each].median()):.4g}" for each in (alive, ~alive))
        got = Words(f"grad/g = {there} where kept, {gone} where dropped", f"grad/g：保留处 {there}，丢弃处 {gone}")
        said = {"p": p, "got": got, "expected": Words(f"{slope(p):.4g} and 0", f"{slope(p):.4g} 与 0")}
        if same(grad, g * slope(p), CLOSE).all():
            raise Mistake("gradient_everywhere", **said)
        if same(grad, torch.where(alive, g / (1 - p), 0), CLOSE).all():
            raise Mistake("gradient_by_keep", **said)
        super().name_the_gradient(grad, g, alive, y, x, p)

    def expect_gradient_of_zeros(self, solution):
        """Of zeros, and of α', where nothing shows in y, kept or dropped."""
        super().expect_gradient_of_zeros(solution)
        x = torch.full((50, 60), PRIME).requires_grad_()
        solution.alpha_dropout(x, 0.3, True).sum().backward()
        none = int((x.grad == 0).sum())
        share = none / x.numel()
        got = Words(f"{share:.0%} of the gradients are zero", f"{share:.0%} 的梯度为零")
        if share in (0.0, 1.0):
            raise Mistake("mask_from_values", share=share, got=got, expected=Words("about 30%", "约 30%"))
        en, zh = "where x is α' the gradient does not follow the mask", "x 等于 α' 处的梯度与掩码不符"
        expect(rate_holds(none, x.numel(), 0.3), en, zh, got=got, expected=Words("about 30%", "约 30%"))


alpha = Alpha(call=Function("alpha_dropout"), reading=Affine(), scale=slope, exact=CLOSE, at_zero=2e-6, closed=False)

test_from_scratch = alpha.from_scratch()
test_interface = alpha.interface()
test_range_of_p = alpha.range_of_p()
test_input_untouched = alpha.input_untouched()
test_eval_identity = alpha.eval_identity()
test_eval_repeats = alpha.eval_repeats()


def fit(x, y):
    """(a, b, d): the line on which the kept lie and the value of the dropped; None when it is no such thing.

    d is the one value that repeats: among 2000 coins at any p used here, with probability above 1 - 1e-12.
    """
    x, y = x.double().flatten(), y.double().flatten()
    d = float(y.mode().values)
    rest = (y - d).abs() > 1e-5 * (1 + abs(d))
    if rest.all() or not y.isfinite().all() or int(rest.sum()) < 8 or int((~rest).sum()) < 3:
        return None
    x, y = x[rest], y[rest]
    a = float(((x - x.mean()) * (y - y.mean())).sum() / (x - x.mean()).square().sum())
    b = float(y.mean() - a * x.mean())
    return None if float((y - a * x - b).abs().max()) > 1e-3 * (1 + abs(a) + abs(b)) else (a, b, d)


def near(one, other):
    return all(abs(a - b) <= 1e-3 * (1 + abs(b)) for a, b in zip(one, other, strict=True))


def told(found):
    if found is None:
        return Words("no line and one more value", "不是一条直线加另一个值")
    line = f"{found[0]:.3f}·x + {found[1]:.3f}"
    return Words(f"{line}, dropped: {found[2]:.3f}", f"{line}，丢弃处：{found[2]:.3f}")


def by(a):
    """b and the value of the dropped follow from a."""
    return lambda p: (a(p), -a(p) * PRIME * p, a(p) * PRIME * (1 - p))


def shifted(b):
    """a, a wrong b and the value of the dropped that follows."""
    return lambda p: (slope(p), b(p), slope(p) * PRIME + b(p))


KNOWN = {  # a, b and the value of the dropped, of the mistakes
    "plain_dropout": lambda p: (1 / (1 - p), 0.0, 0.0),
    "drops_to_zero": lambda p: (*whole(p)[:2], 0.0),
    "zero_before_affine": lambda p: (*whole(p)[:2], whole(p)[1]),
    "divided_by_keep": lambda p: (1 / (1 - p), 0.0, PRIME / (1 - p)),
    "no_affine": lambda p: (1.0, 0.0, PRIME),
    "dropped_left_out": lambda p: (*whole(p)[:2], PRIME),
    "no_shift": shifted(lambda p: 0.0),
    "shift_sign": shifted(lambda p: slope(p) * PRIME * p),
    "shift_by_keep": shifted(lambda p: -slope(p) * PRIME * (1 - p)),
    "shift_not_scaled": shifted(lambda p: -PRIME * p),
    "alpha_without_lambda": lambda p: whole(p, -ALPHA),
    "lambda_without_alpha": lambda p: whole(p, -LAMBDA),
    "positive_alpha": lambda p: whole(p, -PRIME),
    "no_root": by(lambda p: slope(p) ** 2),
    "keep_forgotten": by(lambda p: (1 + p * PRIME**2) ** -0.5),
    "mean_forgotten": by(lambda p: (1 - p + p * PRIME**2) ** -0.5),
    "scaled_too": lambda p: tuple(each / (1 - p) for each in whole(p)),
    "p_is_keep": lambda p: whole(1 - p),
}


def test_two_values(solution):
    """Each element is a·x + b or a·α' + b; a mistake is named if its formula fits p = 0.1, 0.3 and 0.8.

    Also at p = 0.97, 0.34 and 0.004, for a p that is capped, a pair (a, b) that is kept for a rounded p, or none for a
    small one.
    """
    calls = [(alpha.draw(40, 50), p, True) for p in (0.3, 0.1, 0.8, 0.97, 0.34, 0.004)]
    seen, shown = {}, {}
    for (x, p, _), y in zip(calls, alpha.call.each(solution, calls), strict=True):
        seen[p], shown[p] = (x, expect_tensor(y, shape=x.shape)), solution.call
    solution.call = shown[0.3]
    name_the_map({p: seen[p] for p in (0.3, 0.1, 0.8)})
    for p, (x, y) in seen.items():
        solution.call = shown[p]
        found = fit(x, y)
        for other in (0.95, 0.9, 0.99):
            if p == 0.97 and found and near(found, whole(other)):
                raise Mistake("p_capped", p=p, other=other, got=told(found), expected=told(whole(p)))
        a, b, d = whole(p)
        gone = (y.double() - d).abs() <= 1e-2 * (1 + abs(d))
        expect_equal(y.double(), torch.where(gone, d, a * x.double() + b), rtol=CLOSE, atol=CLOSE)


def name_the_map(seen):
    """The known wrong ones, each only if it fits at every p."""
    found = {p: fit(x, y) for p, (x, y) in seen.items()}
    if not all(found.values()) or all(near(found[p], whole(p)) for p in found):
        return
    (a, b, d), (want_a, want_b, want_d) = found[0.3], whole(0.3)
    said = {"got": told(found[0.3]), "expected": told(whole(0.3))}
    for name, formula in KNOWN.items():
        if all(near(found[p], formula(p)) for p in found):
            raise Mistake(name, p=0.3, a=a, b=b, d=d, want_a=want_a, want_b=want_b, want_d=want_d, **said)
    if all(abs(float(y.mean())) < 1e-3 and abs(float(y.std()) - 1) < 1e-3 for _, y in seen.values()):
        raise Mistake("uses_batch_statistics", **said)


test_rate = alpha.rate()
test_extreme_p = alpha.extreme_p()
test_expectation = alpha.expectation()


def test_moments(solution):
    """Mean 0 and variance 1 in give mean 0 and variance 1 out: x is made to have these exactly, and each y takes one of
    two values, so that Hoeffding's bound with their distance holds for Σy and for Σy². Values of 0, far out and about
    -5 are dropped at rate p as any other.
    """
    for p in (0.3, 0.6):
        half = alpha.draw(50, 120)
        x = torch.cat((half, -half)) / half.square().mean().sqrt()
        y = expect_tensor(solution.alpha_dropout(x, p, True), shape=x.shape).double()
        a, b, d = whole(p)
        keep, n = a * x.double() + b, y.numel()
        for name, zh, total, spread, want in (
            ("mean", "均值", y.sum(), keep - d, 0),
            ("mean square", "均方", (y.square() - 1).sum(), keep.square() - d**2, 1),
        ):
            bound, found = weighted_sum_bound(float(spread.square().sum())), float(total) / n + want
            expect(abs(float(total)) <= bound, f"the {name} of the output is {found:.3f}", f"输出的{zh}是 {found:.3f}",
                   got=f"{found:.4f}", expected=f"{want} ± {bound / n:.4f}")  # fmt: skip
    expect_blind_far_out(solution, 0.3)


def expect_blind_far_out(solution, p):
    kind, x = torch.randint(0, 4, (60, 100)), alpha.draw(60, 100)
    far = x * torch.where(torch.rand(x.shape) < 0.5, 20, 5000)
    x = torch.where(kind == 0, 0.0, torch.where(kind == 1, far, torch.where(kind == 2, x - 5, x)))
    y = expect_tensor(solution.alpha_dropout(x, p, True), shape=x.shape).double()
    a, b, d = whole(p)
    gone, stays = (y - d).abs() <= CLOSE * a * abs(PRIME), (y - a * x - b).abs() <= CLOSE * (1 + x.double().abs())
    rest = kind == 3
    usual = rate_holds(int((gone & rest).sum()), int(rest.sum()), p) and even_sums(~gone, float(gone.double().mean()))
    for value, group in (("zero", kind == 0), ("far", kind == 1), ("low", kind == 2)):
        n, share = int(group.sum()), float(gone[group].double().mean())
        if usual and (gone | stays)[group].all() and not rate_holds(int((gone & group).sum()), n, p):
            got = Words(f"{share:.3f} of them dropped", f"其中 {share:.3f} 被丢弃")
            raise Mistake(
                "looks_at_the_data", group=Words(value, FAR[value]), p=p, share=share, got=got, expected=f"{p}"
            )
    en, zh = "values of 0 or far out are neither kept nor dropped", "0 或很大的值既没有保留也没有丢弃"
    expect((gone | stays).all(), en, zh)


test_own_coin = alpha.own_coin()
test_fresh_mask = alpha.fresh_mask()
test_count_varies = alpha.count_varies()
test_generator = alpha.generator()
test_gradient = alpha.gradient()
test_p_zero = alpha.p_zero()
test_dtypes = alpha.dtypes()
test_shapes = alpha.shapes()
test_device = alpha.device()
