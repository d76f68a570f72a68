"""Checks for `predicted_shift`, `variance_shift` and `recalibrate_bn`.

About 660,000 coins are asked for, 1000 and more at a time, of which 400,000 by the default trials=200. The statistical tests are seven, each at
ALPHA = 1e-11. Models are built in the worker; what their batch norms should hold is computed here.
"""

import math

import torch

from interview.grading.checks import statistics
from interview.grading.checks.expect import Mistake, Words, expect, expect_raises
from interview.grading.checks.solution import SubmissionError, shape_of

MODELS = '''
import torch
from torch import nn


def fill(norm, momentum=0.1):
    """A batch norm with a past: statistics of its own, affine weights, batches counted."""
    with torch.no_grad():
        norm.running_mean.copy_(torch.randn_like(norm.running_mean) * 3)
        norm.running_var.copy_(torch.rand_like(norm.running_var) * 5 + 3)
        norm.num_batches_tracked.fill_(7)
        if norm.affine:
            norm.weight.copy_(torch.rand_like(norm.weight) + 0.5)
            norm.bias.copy_(torch.rand_like(norm.bias) * 0.5)  # no channel dies in a ReLU
    norm.momentum = momentum
    return norm


def single(training, momentum=0.1):
    return nn.Sequential(nn.Identity(), fill(nn.BatchNorm1d(3), momentum)).train(training)


def behind(kind, training=True):
    """A dropout of that kind, and a batch norm behind it."""
    norm = {"Dropout1d": nn.BatchNorm1d, "Dropout2d": nn.BatchNorm2d, "Dropout3d": nn.BatchNorm3d,
            "FeatureAlphaDropout": nn.BatchNorm2d}.get(kind, nn.BatchNorm1d)
    return nn.Sequential(getattr(nn, kind)(0.5), fill(norm(3))).train(training)


def of_kind(kind):
    return nn.Sequential(fill(getattr(nn, kind)(3))).eval()


def deep_dropout(training):
    return nn.Sequential(nn.Sequential(nn.Identity(), nn.Sequential(nn.Dropout(0.5))), fill(nn.BatchNorm1d(3))).train(training)


def root():
    return fill(nn.BatchNorm1d(3)).eval()


def without_affine():
    return nn.Sequential(fill(nn.BatchNorm1d(3, affine=False))).eval()


def nested():
    return nn.Sequential(nn.Sequential(nn.Identity(), nn.Sequential(nn.ModuleList([fill(nn.BatchNorm1d(3))])[0]))).eval()


def stacked():
    return nn.Sequential(fill(nn.BatchNorm1d(3)), nn.ReLU(), nn.Dropout(0.5), fill(nn.BatchNorm1d(3))).train()


def mixed():
    model = nn.Sequential(
        nn.Linear(3, 4), fill(nn.BatchNorm1d(4), 0.3), nn.Dropout(0.4),
        nn.Sequential(nn.Linear(4, 3), nn.AlphaDropout(0.2), fill(nn.BatchNorm1d(3), None)), nn.Dropout(0.1),
    )
    with torch.no_grad():
        model[0].bias.requires_grad_(False)
        model[1].weight[0].neg_()  # a weight may be negative; not where a ReLU would kill its channel
    return model


def sharing():
    """A dropout layer in two blocks, of which the second alone is in eval."""
    drop = nn.Dropout(0.3)
    model = nn.Sequential(nn.Sequential(drop), nn.Sequential(drop), fill(nn.BatchNorm1d(3))).train()
    model[1].training = False
    return model


def shown(model):
    inner = ", ".join(shown(each) for each in model.children())
    return type(model).__name__ + (f"({inner})" if inner else "")


def norms(model):
    return [each for each in model.modules() if isinstance(each, nn.modules.batchnorm._BatchNorm)]


def held(model):
    """[running mean, running variance] of each batch norm."""
    return [[each.running_mean.clone(), each.running_var.clone()] for each in norms(model)]


def affine(model):
    return [[each.weight.detach().clone(), each.bias.detach().clone()] for each in norms(model)]


def modes(model):
    return [each.training for each in model.modules()]


def set_modes(model, flags):
    for each, flag in zip(model.modules(), flags):
        each.training = flag


def momenta(model):
    return [each.momentum for each in norms(model)]


def rates(model):
    return [each.p for each in model.modules() if hasattr(each, "p")]


def weights(model):
    return {name: value.detach().clone() for name, value in model.named_parameters()}


def grad_mode_after(model, batches):
    submission.recalibrate_bn(model, batches)
    return torch.is_grad_enabled(), any(each.requires_grad for each in batches)


def wants(model):
    return [each.requires_grad for each in model.parameters()]
'''


class Models:
    """MODELS in the worker. The report shows no call of theirs."""

    def __init__(self, solution):
        self.solution, self.built = solution, solution.build(MODELS)

    def __getattr__(self, name):
        def call(*args):
            shown = self.solution.call
            try:
                return getattr(self.built, name)(*args)
            finally:
                self.solution.call = shown

        return call


def models(solution):
    """MODELS in the worker, built once for each worker."""
    kept = vars(solution)
    if "models" not in kept:
        kept["models"] = Models(solution)
    return kept["models"]


def recalibrate(solution, model, batches, call=None):
    """`recalibrate_bn(model, batches)`, or `call` of these; the report shows what is in the model."""
    h = models(solution)
    mode = "" if h.modes(model)[0] else ".eval()"
    says = f"model: {h.shown(model)}{mode}  batches: {len(batches)} × {shape_of(batches[0])}"
    try:
        return (call or solution.recalibrate_bn)(model, batches)
    finally:
        solution.call = f"recalibrate_bn(model, batches)    {says}"


UNITS = (
    (0.0, 1.0, 0.5),
    (2.0, 1.0, 0.3),
    (1.0, 1.0, 0.6),
    (-1.5, 0.49, 0.1),
    (0.4, 0.34, 0.8),
    (3.0, 4.0, 0.0),
    (30.0, 0.5, 0.8),
)


def right(m, v, p):
    return v / ((v + m * m) / (1 - p) - m * m)


def number(value):
    """A float, or a tensor of one element."""
    if isinstance(value, torch.Tensor) and value.numel() == 1:
        value = value.item()
    expect(
        isinstance(value, float | int) and not isinstance(value, bool),
        "a float was expected",
        "应返回 float",
        got=value,
        expected="float",
    )
    return float(value)


WRONG = {  # formulas of the mistakes, for both functions
    "inverse": lambda m, v, p: 1 / right(m, v, p),
    "std_ratio": lambda m, v, p: right(m, v, p) ** 0.5,
    "not_inverted": lambda m, v, p: v / ((1 - p) * (v + m * m) - (1 - p) ** 2 * m * m),
    "second_moments": lambda m, v, p: 1 - p,
    "mean_squared_not_taken_off": lambda m, v, p: v * (1 - p) / (v + m * m),
    "mean_not_squared": lambda m, v, p: v / ((v + m) / (1 - p) - m),
    "mask_noise_only": lambda m, v, p: v * (1 - p) / (p * (v + m * m)) if p else math.inf,
    "p_is_keep": lambda m, v, p: right(m, v, 1 - p) if p else math.nan,
    "drops_in_eval_too": lambda m, v, p: 1.0,
}


PREDICTED = (
    "inverse",
    "std_ratio",
    "not_inverted",
    "second_moments",
    "mean_squared_not_taken_off",
    "mean_not_squared",
    "mask_noise_only",
    "p_is_keep",
)
MEASURED = (
    "inverse",
    "std_ratio",
    "not_inverted",
    "second_moments",
    "mask_noise_only",
    "p_is_keep",
    "drops_in_eval_too",
)


def test_predicted(solution):
    """v / ((v + m²)/(1-p) - m²), for units of all kinds, to 1e-5 (float32 will do)."""
    got, calls = [], []
    for unit in UNITS:
        got.append(number(solution.predicted_shift(*unit)))
        calls.append(solution.call)
    want = [right(*unit) for unit in UNITS]
    if not all(math.isclose(a, b, rel_tol=1e-5) for a, b in zip(got, want, strict=True)):
        for name in PREDICTED:
            formula = WRONG[name]
            if all(
                math.isclose(a, formula(*unit), rel_tol=1e-4) for a, unit in zip(got, UNITS, strict=True) if unit[2] > 0
            ):
                solution.call = calls[1]
                raise Mistake(f"predicted_{name}", got=f"{got[1]:.4f}", expected=f"{want[1]:.4f}")
    for a, b, (m, v, p), solution.call in zip(got, want, UNITS, calls, strict=True):
        expect(
            math.isclose(a, b, rel_tol=1e-5),
            f"wrong for mean {m}, variance {v}, p = {p}",
            f"均值 {m}、方差 {v}、p = {p} 时不对",
            got=f"{a:.6f}",
            expected=f"{b:.6f}",
        )


def test_range_of_p(solution):
    """p outside [0, 1] is refused by both functions, NaN too; 0 is accepted."""
    x = values(1000, 0.0)
    calls = {
        "predicted_shift": lambda p: solution.predicted_shift(1.0, 2.0, p),
        "variance_shift": lambda p: solution.variance_shift(x, p, trials=1),
    }
    outside = (-0.1, 1.1, float("nan"))
    through, shown = {}, {}
    for name, call in calls.items():
        call(0.0)
        through[name] = []
        for p in outside:
            try:
                call(p)
            except (ValueError, AssertionError):
                continue
            except SubmissionError:
                pass
            through[name].append(p)
            shown[name, p] = solution.call
    for name, accepted in through.items():
        if accepted:
            solution.call = shown[name, accepted[0]]
        if len(accepted) == 3:
            raise Mistake("no_range_check", name=name, p=accepted[0])
        if len(accepted) == 1 and accepted[0] != accepted[0]:
            raise Mistake("nan_accepted", name=name)
    for call in calls.values():
        for p in outside:
            expect_raises((ValueError, AssertionError), call, p)


def values(n, mean):
    """Bounded values of about that mean and variance 1."""
    return (torch.rand(n) * 2 - 1) * 3**0.5 + mean


def interval(x, p, trials):
    """Where the measured ratio of a right answer falls, pooled, averaged, or a mean of ratios, with probability 1 - 4·ALPHA.

    Let c = 1/(1-p), V = c·mean(x²) - mean(x)², L = ln(2/ALPHA), d and D the errors of the mean and mean square of all NT
    dropped values. Hoeffding: |d| ≤ e1 = c·√(mean x²·L/2NT), |D| ≤ e2 = c²·√(mean x⁴·L/2NT); the same of each trial with
    N for NT and ALPHA/T for ALPHA, f1 and f2. The pooled and the averaged variance are off by at most
    w = e2 + 2|mean|·e1 + f1², that of a trial by g = f2 + 2|mean|·f1 + f1². A mean of ratios v/V_t is at least
    v/(V + w) (Jensen) and at most v·(1/V + w/V² + g²/(V²·(V - g))), since 1/V_t - 1/V = -(V_t-V)/V² + (V_t-V)²/(V²V_t).
    """
    x = x.double()
    n, c = len(x), 1 / (1 - p)
    m, s2, s4 = (float(each) for each in (x.mean(), x.square().mean(), x.pow(4).mean()))
    v, level = s2 - m * m, math.log(2 / statistics.ALPHA)
    total = c * s2 - m * m
    e1, e2 = c * math.sqrt(s2 * level / (2 * n * trials)), c * c * math.sqrt(s4 * level / (2 * n * trials))
    own = level + math.log(trials)
    f1, f2 = c * math.sqrt(s2 * own / (2 * n)), c * c * math.sqrt(s4 * own / (2 * n))
    w, g = e2 + 2 * abs(m) * e1 + f1 * f1, f2 + 2 * abs(m) * f1 + f1 * f1
    high = v / (total - w) if total > w else math.inf
    if total > g:
        high = max(high, v * (1 / total + w / total**2 + g * g / (total**2 * (total - g))))
    slack = 1 + 3 / n  # N or N - 1, and rounding
    return v / (total + w) / slack, high * slack, (m, v, p)


def test_measured(solution):
    """The ratio measured on given values lies where Hoeffding puts it; see `interval`. trials = 200 by default."""
    seen, calls = [], []
    for mean, p, n, trials in ((0.0, 0.5, 8000, 4), (2.0, 0.3, 8000, 4), (1.0, 0.6, 8000, 4), (1.0, 0.2, 1000, None)):
        x = values(n, mean)
        got = number(solution.variance_shift(x, p) if trials is None else solution.variance_shift(x, p, trials=trials))
        seen.append((got, *interval(x, p, trials or 200)))
        calls.append(solution.call)
    if not all(low <= got <= high for got, low, high, _ in seen):
        for name in MEASURED:
            formula = WRONG[name]
            if all(abs(got / formula(*unit) - 1) < 0.06 for got, _, _, unit in seen if formula(*unit)):
                solution.call = calls[1]
                raise Mistake(
                    f"measured_{name}",
                    got=Words(
                        f"{seen[1][0]:.3f} for mean 2, variance 1, p = 0.3",
                        f"均值 2、方差 1、p = 0.3 时 {seen[1][0]:.3f}",
                    ),
                    expected=f"{right(*seen[1][3]):.3f}",
                )
    for (got, low, high, (m, v, p)), solution.call in zip(seen, calls, strict=True):
        expect(
            low <= got <= high,
            f"wrong for values of mean {m:.2f}, variance {v:.2f}, p = {p}",
            f"均值 {m:.2f}、方差 {v:.2f}、p = {p} 的数据测得不对",
            got=f"{got:.4f}",
            expected=f"{low:.4f} … {high:.4f}",
        )
    same = number(solution.variance_shift(values(2000, 1.0), 0.0, trials=2))
    expect(abs(same - 1) < 1e-2, "at p = 0 the ratio is not 1", "p = 0 时比值不是 1", got=f"{same:.4f}", expected="1")


def spike_kept(solution, p, trials):
    """In how many trials the one large value among 1000 was kept, within a unit or so.

    A trial that drops it has about the variance `quiet`, one that keeps it `loud`. Pooled or averaged the ratio is below
    10 and tells their shares; a mean of ratios is far above, unless nearly all trials keep it.
    """
    x = values(1000, 0.0)
    x[137] = 0.0
    quiet = float(x.double().square().mean()) / (1 - p)
    x[137] = 1000.0
    loud = quiet + 1000.0**2 * (1 / 1000 - 1 / 1000**2) / (1 - p) ** 2
    v = float(x.double().var(unbiased=False))
    options = {} if trials is None else {"trials": trials}
    trials = trials or 200
    got = number(solution.variance_shift(x, p, **options))
    if got < 10:
        return trials * (v / got - quiet) / (loud - quiet)
    return trials * (v / quiet - got) / (v / quiet - v / loud)


def own_masks(solution):
    """Each trial has a mask of its own: how often one value is kept is binomial.

    At p = 0.2 one mask for 160 trials keeps it always or never, two masks perhaps in half of them: each is refused for
    certain, also with the two that are allowed for rounding: 160·KL(158/160‖0.8) = 27 against ln(2/ALPHA) = 26.
    """
    p, trials = 0.2, 160
    k, call = spike_kept(solution, p, trials), solution.call

    def likely(k, n):
        return any(0 <= i <= n and statistics.rate_holds(i, n, 1 - p) for i in range(round(k) - 2, round(k) + 3))

    if likely(k, trials):
        k = spike_kept(solution, p, None)
        expect(
            likely(k, 200),
            "without `trials` the result is not that of 200 trials",
            "不写 `trials` 时结果不像来自 200 次试验",
            got=Words(f"one value kept in {k / 200:.3f} of them", f"某个值保留的比例是 {k / 200:.3f}"),
            expected=f"{1 - p}",
        )
        return
    again = [spike_kept(solution, 0.5, 8) for _ in range(24)]  # with two masks all or none 24 times: below 1e-7
    solution.call = call
    if all(min(abs(each), abs(each - 8)) < 0.9 for each in again):
        got = Words(
            f"one value was kept in {max(k, 0):.0f} of {trials} trials",
            f"{trials} 次试验中，某个值保留了 {max(k, 0):.0f} 次",
        )
        raise Mistake(
            "trials_ignored",
            got=got,
            expected=Words(f"in about {(1 - p) * trials:.0f}", f"约 {(1 - p) * trials:.0f} 次"),
        )
    expect(
        False,
        f"one value of 1000 was kept in {k:.0f} of {trials} trials",
        f"{trials} 次试验中，1000 个值里的某一个保留了 {k:.0f} 次",
        got=f"{k / trials:.3f}",
        expected=f"{1 - p}",
    )


def test_drawn(solution):
    """It is measured: other draws give other numbers, `trials` counts, torch's generator decides and is not reseeded.

    Two right results agree to the last bit of a float32 with probability about 1e-4 (their spread is over 1e-3, a bit
    6e-8); all of five pairs with probability about 1e-20.
    """
    x = values(1000, 1.0)

    def draw(seed, other, trials=1):
        with solution.seeded(seed, other=other):
            return number(solution.variance_shift(x, 0.4, trials=trials))

    first = [draw(seed, 1) for seed in range(1, 7)]
    if solution.reseeded:
        raise Mistake(
            "reseeds", got=Words("the generator has left the stream of its seed", "生成器离开了原种子的随机序列")
        )
    if len(set(first)) == 1:
        again = draw(1, 2)
        exact = right(float(x.double().mean()), float(x.double().var(unbiased=False)), 0.4)
        if again == first[0] and abs(again / exact - 1) < 3e-3:
            got = Words(f"{again:.5f} each time, the formula's value", f"每次都是 {again:.5f}，即公式的值")
            raise Mistake("not_measured", got=got)
        expect(
            False,
            "the draws do not depend on torch's seed",
            "抽样结果与 torch 的种子无关",
            got=Words(f"{again:.5f} each time", f"每次都是 {again:.5f}"),
        )
    expect(
        len(set(first)) > 2,
        "six draws of one trial give two values or fewer: does each value have its own coin?",
        "6 次单独试验只得到不超过 2 个不同的结果：每个值是否独立抽样？",
        got=str(sorted(set(first))),
    )
    second = [draw(seed, 2) for seed in range(1, 7)]
    if first != second:
        expect(not solution.drew, "the same torch seed gave other results", "torch 种子相同，结果却不同")
        got = Words("the same torch seed gave other results", "torch 种子相同，结果却不同")
        raise Mistake("other_generator", got=got)
    expect(
        solution.drew,
        "the generator stands where it stood before the call, so the next call draws the same",
        "调用之后生成器仍停在调用前的位置，下一次调用会抽到同样的随机数",
    )
    own_masks(solution)
    more = [draw(seed, 1, trials=6) for seed in range(1, 7)]
    if more == first:
        got = Words(
            "trials=1 and trials=6 agree to the last digit at six seeds",
            "六个种子下，trials=1 与 trials=6 的结果完全相同",
        )
        raise Mistake("trials_ignored", got=got)


def batches_of(count, n, shift=True, shape=()):
    """Batches of 3 channels, each with a mean and a scale of its own."""
    out = []
    for index in range(count):
        x = torch.randn(n, 3, *shape)
        out.append(
            x * (1 + index * shift)
            + (2.0 + 3 * index * shift) * torch.tensor([1.0, -1.0, 2.0]).reshape(3, *[1] * len(shape))
        )
    return out


def moments(x):
    """Mean and unbiased variance by channel."""
    flat = x.movedim(1, 0).reshape(x.shape[1], -1).double()
    return flat.mean(1), flat.var(1)


def average(batches):
    each = [moments(x) for x in batches]
    return torch.stack([m for m, _ in each]).mean(0), torch.stack([v for _, v in each]).mean(0)


def agrees(held, want, tol=0.02):
    """Running mean and variance within 2 %: a biased variance of 256 values is off by 0.4 %."""
    mean, var = (each.double() for each in held)
    scale = want[1].sqrt()
    return bool((((mean - want[0]).abs() < tol * scale) & ((var / want[1] - 1).abs() < tol)).all())


def told(pair):
    mean, variance = (each.tolist()[0] for each in pair)
    return Words(f"mean {mean:.3f}, variance {variance:.3f}", f"均值 {mean:.3f}，方差 {variance:.3f}")


def test_recalibrated(solution):
    """The statistics are the averages over the batches, of these batches alone, whatever mode the model was in."""
    h = models(solution)
    for training, momentum in ((False, 0.1), (True, None)):
        model, batches = h.single(training, momentum), batches_of(4, 256)
        before = h.held(model)[0]
        recalibrate(solution, model, batches)
        held, want = h.held(model)[0], average(batches)
        if agrees(held, want):
            continue
        said = {"got": told(held), "expected": told(want)}
        every = [moments(x) for x in batches]
        if all(torch.equal(a, b) for a, b in zip(held, before, strict=True)):
            raise Mistake("unchanged", **said)

        def moving(start, momentum, every=every):
            mean, var = (each.double() for each in start)
            for m, v in every:
                mean, var = mean + momentum * (m - mean), var + momentum * (v - var)
            return mean, var

        fresh = (torch.zeros(3), torch.ones(3))
        if agrees(held, moving(before, 0.1), 5e-3) or agrees(held, moving(fresh, 0.1), 5e-3):
            raise Mistake("moving_average", **said)
        if agrees(held, every[-1], 5e-3):
            raise Mistake("last_batch_only", **said)
        if agrees(held, every[0], 5e-3):
            raise Mistake("first_batch_only", **said)
        if agrees(held, tuple((7 * old.double() + 4 * new) / 11 for old, new in zip(before, want, strict=True)), 5e-3):
            raise Mistake("not_reset", **said)
        if agrees(held, moments(torch.cat(batches)), 5e-3):
            raise Mistake("pooled_variance", **said)
        expect(
            False,
            "the running statistics are not the averages over the batches",
            "running statistics 不是各 batch 的平均",
            **said,
        )


def test_dropout_off(solution):
    """Every kind of dropout before a batch norm is off, in a model in training and in eval."""
    h = models(solution)
    shapes = {
        "Dropout": (),
        "Dropout1d": (4,),
        "Dropout2d": (2, 2),
        "Dropout3d": (2, 1, 2),
        "AlphaDropout": (),
        "FeatureAlphaDropout": (2, 2),
    }
    on = []
    for training in (True, False):
        model, batches = h.deep_dropout(training), batches_of(2, 256)
        recalibrate(solution, model, batches)
        held, want = h.held(model)[0], average(batches)
        if not agrees(held, want):
            on.append(("nested Dropout", solution.call, held, want))
        for kind, shape in shapes.items():
            model, batches = h.behind(kind, training), batches_of(2, 256, shape=shape)
            recalibrate(solution, model, batches)
            held, want = h.held(model)[0], average(batches)
            if not agrees(held, want):
                on.append((kind, solution.call, held, want))
    if not on:
        return
    said = {"got": told(on[0][2]), "expected": told(on[0][3])}
    names = list(dict.fromkeys(kind for kind, *_ in on))
    inner = ["嵌套的 Dropout" if each == "nested Dropout" else each for each in names]
    listed = Words(", ".join(names), "、".join(inner))
    model, batches = h.single(True), batches_of(2, 256)
    recalibrate(solution, model, batches)
    expect(
        agrees(h.held(model)[0], average(batches)),
        "without any dropout too the statistics are wrong",
        "没有 dropout 时统计量也不对",
        **said,
    )
    solution.call = on[0][1]
    larger = all(bool((held[1] > 1.02 * want[1].float()).any()) for kind, _, held, want in on)
    if "Dropout" in names and larger:
        _, _, held, want = on[0]
        raise Mistake("dropout_on", ratio=float((held[1] / want[1]).max()), **said)
    if names == ["nested Dropout"] and larger:
        raise Mistake("nested_dropout_on", ratio=float((on[0][2][1] / on[0][3][1]).max()), **said)
    if "Dropout" not in names and "Dropout2d" in names:
        raise Mistake("plain_dropout_only", on=listed, **said)
    expect(
        False,
        f"the statistics after {listed.en} are not those without dropout",
        f"{listed.zh} 之后的统计量不是关闭 dropout 时的",
        **said,
    )


def test_every_norm(solution):
    """BatchNorm1d, 2d and 3d, at any depth, and one behind another."""
    h = models(solution)
    missed = []
    for kind, shape in (
        ("BatchNorm1d", ()),
        ("BatchNorm1d", (5,)),
        ("BatchNorm2d", (3, 2)),
        ("BatchNorm3d", (2, 2, 2)),
    ):
        model, batches = h.of_kind(kind), batches_of(3, 256, shape=shape)
        recalibrate(solution, model, batches)
        if not agrees(h.held(model)[0], average(batches)):
            missed.append((kind, solution.call))
    names = list(dict.fromkeys(kind for kind, _ in missed))
    listed = Words(", ".join(names), "、".join(names))
    if missed:
        solution.call = missed[0][1]
    if names and len(names) < 3:
        raise Mistake("kinds_missed", kinds=listed)
    expect(not names, f"not recalibrated: {listed.en}", f"没有重新估计：{listed.zh}")
    model, batches = h.nested(), batches_of(3, 256)
    recalibrate(solution, model, batches)
    if not agrees(h.held(model)[0], average(batches)):
        raise Mistake("top_level_only")
    for name, model in (("root_left_out", h.root()), ("affine_asked", h.without_affine())):
        batches = batches_of(3, 256)
        recalibrate(solution, model, batches)
        if not agrees(h.held(model)[0], average(batches)):
            raise Mistake(name)
    model, batch = h.stacked(), torch.randn(256, 3) * 2 + 5
    before = h.held(model)[0]
    (weight, bias), _ = h.affine(model)
    recalibrate(solution, model, [batch, batch, batch])  # the same batch thrice: batch statistics and new ones agree
    first, second = h.held(model)

    def behind(mean, var):
        return moments(torch.relu((batch.double() - mean) / (var + 1e-5).sqrt() * weight + bias))

    want = behind(batch.double().mean(0), batch.double().var(0, unbiased=False))
    expect(
        agrees(first, moments(batch)),
        "the first of two batch norms is wrong",
        "两个 batch norm 中的第一个不对",
        got=told(first),
        expected=told(moments(batch)),
    )
    if not agrees(second, want) and agrees(second, behind(*(each.double() for each in before)), 5e-3):
        raise Mistake("old_statistics_used", got=told(second), expected=told(want))
    expect(
        agrees(second, want),
        "a batch norm after another is wrong",
        "位于另一个 batch norm 之后的 batch norm 不对",
        got=told(second),
        expected=told(want),
    )
    model, batches = h.stacked(), batches_of(3, 256)
    (weight, bias), _ = h.affine(model)
    recalibrate(solution, model, batches)
    first, second = h.held(model)

    def hidden(x, mean, var):
        return torch.relu((x.double() - mean) / (var + 1e-5).sqrt() * weight + bias)

    want = average([hidden(x, x.double().mean(0), x.double().var(0, unbiased=False)) for x in batches])
    if not agrees(second, want) and agrees(second, average([hidden(x, *average(batches)) for x in batches])):
        raise Mistake("one_after_another", got=told(second), expected=told(want))
    expect(
        agrees(first, average(batches)),
        "the first of two batch norms is wrong",
        "两个 batch norm 中的第一个不对",
        got=told(first),
        expected=told(average(batches)),
    )
    expect(
        agrees(second, want),
        "a batch norm after another is wrong",
        "位于另一个 batch norm 之后的 batch norm 不对",
        got=told(second),
        expected=told(want),
    )


FLAGS = (
    [True] * 10,
    [False] * 10,
    [True, True, False, True, True, True, False, True, True, False],
)


def test_as_before(solution):
    """Weights, every module's mode, momentum and p are as before; also that of a layer which two blocks share."""
    h = models(solution)
    for flags in FLAGS:
        model = h.mixed()
        h.set_modes(model, list(flags[: len(h.modes(model))]))
        weights, modes, momenta, rates, wants = (
            h.weights(model),
            h.modes(model),
            h.momenta(model),
            h.rates(model),
            h.wants(model),
        )
        recalibrate(solution, model, batches_of(2, 64))
        after = h.weights(model)
        moved = [name for name in weights if not torch.equal(weights[name], after[name])]
        if moved:
            ones = all(bool((value == 1).all()) for value, _ in h.affine(model)) and all(
                bool((value == 0).all()) for _, value in h.affine(model)
            )
            if ones:
                raise Mistake("affine_reset", got=Words(f"changed: {', '.join(moved)}", f"被改动：{'、'.join(moved)}"))
            expect(False, f"weights were changed: {', '.join(moved)}", f"权重被改动了：{'、'.join(moved)}")
        expect(h.wants(model) == wants, "requires_grad of a parameter was changed", "有参数的 requires_grad 被改动了")
        now = h.momenta(model)
        if now != momenta:
            raise Mistake("momentum_lost", now=str(now), then=str(momenta), got=f"{now}", expected=f"{momenta}")
        if h.rates(model) != rates:
            raise Mistake("p_lost", now=str(h.rates(model)), got=f"p = {h.rates(model)}", expected=f"{rates}")
        now = h.modes(model)
        if now != modes:
            if flags is FLAGS[0] and not any(now):
                got, expected = Words("all in eval", "全部处于 eval"), Words("all in training", "全部处于训练模式")
                raise Mistake("left_in_eval", got=got, expected=expected)
            if flags is FLAGS[1] and any(now):
                raise Mistake(
                    "left_in_training",
                    count=sum(now),
                    got=Words(
                        f"{sum(now)} of {len(now)} modules in training",
                        f"{len(now)} 个模块中 {sum(now)} 个处于训练模式",
                    ),
                    expected=Words("all in eval", "全部处于 eval"),
                )
            if now == [modes[0]] * len(modes):
                got = Words("all in the mode of the outermost", "都与最外层的模式相同")
                raise Mistake("one_mode_for_all", got=got, expected=Words("each module's own mode", "各自原来的模式"))
        shown = solution.call
        enabled, batches_want = recalibrate(solution, h.mixed(), batches_of(2, 64), h.grad_mode_after)
        if not enabled:
            got = Words("torch.is_grad_enabled() is False", "torch.is_grad_enabled() 为 False")
            raise Mistake("grad_left_off", got=got, expected="True")
        expect(not batches_want, "the batches require gradients after the call", "调用之后 batches 变成了需要梯度")
        solution.call = shown
        expect(
            now == modes,
            "modules are left in another mode than before",
            "有模块没有回到原来的模式",
            got=str(now),
            expected=str(modes),
        )
    model = h.sharing()
    modes = h.modes(model)
    recalibrate(solution, model, batches_of(2, 64))
    now = h.modes(model)
    if now == [True, True, False, False, True]:
        got, expected = (
            Words("the shared dropout is in eval", "共用的 dropout 处于 eval"),
            Words("training", "训练模式"),
        )
        raise Mistake("shared_layer", got=got, expected=expected)
    expect(
        now == modes,
        "in a model that shares a layer, modules are left in another mode than before",
        "模型共用一个层时，有模块没有回到原来的模式",
        got=str(now),
        expected=str(modes),
    )


def test_inputs_untouched(solution):
    """x and the batches hold the same bits after the call, and the list is as long."""
    h = models(solution)
    solution.variance_shift(values(1000, 1.0), 0.4, trials=2)
    if solution.changed:
        raise Mistake("changes_x")
    batches = batches_of(2, 64)
    recalibrate(solution, h.single(False), batches)
    changed, after = solution.changed, solution.arguments()[1]
    left = len(after)
    if left != 2:
        got = Words(f"{left} of 2 batches in the list after the call", f"调用之后，列表的 2 个 batch 中剩 {left} 个")
        raise Mistake("list_emptied", left=left, got=got)
    expect(
        not changed,
        "the batches were changed",
        "batches 被修改了",
        got=Words(f"tensors {changed}", f"tensor {changed}"),
    )
    kept = all(torch.equal(a, b) for a, b in zip(after, batches, strict=True))
    expect(kept, "the list was put in another order", "batches 列表的顺序被改动了")
