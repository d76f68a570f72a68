"""Checks for `predicted_shift`, `variance_shift` and `recalibrate_bn`.

About 660,000 coins are asked for, 1000 and more at a time, of which 400,000 by the default trials=200. The statistical
tests are six, each at ALPHA = 1e-11. What the prediction and the batch norms should give is computed here, in float64;
the models stand beside the submission (worker_side.py), in the state that the check's seed gives them.
"""

import math
from pathlib import Path
from typing import Any, NamedTuple

import torch

from interview.grading.checks import statistics
from interview.grading.checks.expect import REFUSALS, Mistake, Words, expect, suppose
from interview.grading.checks.generic import Attempt, expect_range, expect_spelled
from interview.grading.checks.solution import shape_of, shown_as

WORKER = Path(__file__).with_name("worker_side.py").read_text(encoding="utf-8")
UNITS = ((0.0, 1.0, 0.5), (2.0, 1.0, 0.3), (1.0, 1.0, 0.6), (-1.5, 0.49, 0.1), (0.4, 0.34, 0.8), (3.0, 4.0, 0.0), (30.0, 0.5, 0.8))  # fmt: skip
DROPOUTS = {"Dropout": (), "Dropout1d": (4,), "Dropout2d": (2, 2), "Dropout3d": (2, 1, 2), "AlphaDropout": (), "FeatureAlphaDropout": (2, 2)}  # fmt: skip


def right(m, v, p):
    return v / ((v + m * m) / (1 - p) - m * m)


MEASURED = {  # what a wrong measurement tends to, where masks are drawn anew
    "inverse": lambda m, v, p: 1 / right(m, v, p),
    "std_ratio": lambda m, v, p: right(m, v, p) ** 0.5,
    "not_inverted": lambda m, v, p: v / ((1 - p) * (v + m * m) - (1 - p) ** 2 * m * m),
    "second_moments": lambda m, v, p: 1 - p,
    "mask_noise_only": lambda m, v, p: v * (1 - p) / (p * (v + m * m)),
    "p_is_keep": lambda m, v, p: right(m, v, 1 - p),
    "drops_in_eval_too": lambda m, v, p: 1.0,
}


def number(value):
    """A float, or a tensor of one element."""
    if isinstance(value, torch.Tensor) and value.numel() == 1:
        value = value.item()
    expect(isinstance(value, float | int) and not isinstance(value, bool), "a float was expected", "应返回 float",
           got=value, expected="float")  # fmt: skip
    return float(value)


def values(n, mean):
    """Bounded values of about that mean and variance 1."""
    return (torch.rand(n) * 2 - 1) * 3**0.5 + mean


def test_predicted(solution):
    """v / ((v + m²)/(1-p) - m²), for units of all kinds, to 1e-5 (float32 will do)."""
    names = ("mean", "var", "p")
    spelled = expect_spelled(lambda: solution.predicted_shift(**dict(zip(names, UNITS[0], strict=True))), names)
    came = [(UNITS[0], spelled, solution.call)]
    came += [(unit, y, solution.call) for unit, y in zip(UNITS, solution.predicted_shift.each(UNITS), strict=True)]
    for (m, v, p), y, solution.call in came:
        got, want = number(y), right(m, v, p)
        expect(math.isclose(got, want, rel_tol=1e-5), f"wrong for mean {m}, variance {v}, p = {p}",
               f"均值 {m}、方差 {v}、p = {p} 时不对", got=f"{got:.6f}", expected=f"{want:.6f}")  # fmt: skip


def test_range_of_p(solution):
    """p outside [0, 1] is refused by both functions, NaN and infinity too; 0 is accepted."""
    tried, x, ps = {}, values(1000, 0.0), (0.0, -0.1, 1.1, math.inf, math.nan)
    for name, calls in (("predicted_shift", [(1.0, 2.0, p) for p in ps]), ("variance_shift", [(x, p, 1) for p in ps])):
        came = getattr(solution, name).each(calls, catch=(Exception,))
        tried[name] = [(p, Attempt(f"{name}: p = {p}", solution.call, y)) for p, y in zip(ps, came, strict=True)]
    for name, (_, *outside) in tried.items():
        accepted = [(p, each.call) for p, each in outside if not isinstance(each.came, REFUSALS)]
        if accepted:
            solution.call = accepted[0][1]
        let_in = [p for p, each in outside if not isinstance(each.came, Exception)]
        if len(accepted) == len(outside) and let_in:
            raise Mistake("no_range_check", name=name, p=let_in[0])
        if let_in and all(map(math.isnan, let_in)) and len(accepted) == 1:
            raise Mistake("nan_accepted", name=name)
    legal, illegal = (
        [each for one in tried.values() for _, each in part(one)] for part in (lambda one: one[:1], lambda one: one[1:])
    )
    expect_range(solution, legal, illegal, zeros=2)


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
    """The ratio measured on given values lies where Hoeffding puts it; see `interval`. At p = 0 it is 1, by N or N - 1."""
    seen, calls = [], []
    for mean, p in ((0.0, 0.5), (2.0, 0.3), (1.0, 0.6), (1.0, 0.2)):
        given = {"x": values(8000, mean), "p": p, "trials": 4}
        got = number(expect_spelled(lambda: solution.variance_shift(**given), tuple(given)))
        seen.append((got, *interval(given["x"], p, 4)))
        calls.append(solution.call)
    if not all(low <= got <= high for got, low, high, _ in seen):
        for name, formula in MEASURED.items():
            if all(abs(got / formula(*unit) - 1) < 0.06 for got, _, _, unit in seen):
                solution.call, ratio = calls[1], seen[1][0]
                got = Words(f"{ratio:.3f} for mean 2, variance 1, p = 0.3", f"均值 2、方差 1、p = 0.3 时 {ratio:.3f}")
                raise Mistake(f"measured_{name}", got=got, expected=f"{right(*seen[1][3]):.3f}")
    for (got, low, high, (m, v, p)), solution.call in zip(seen, calls, strict=True):
        expect(low <= got <= high, f"wrong for values of mean {m:.2f}, variance {v:.2f}, p = {p}",
               f"均值 {m:.2f}、方差 {v:.2f}、p = {p} 的数据测得不对", got=f"{got:.4f}", expected=f"{low:.4f} … {high:.4f}")  # fmt: skip
    same = number(solution.variance_shift(values(1000, 1.0), 0.0, trials=2))
    expect(abs(same - 1) <= 3e-3, "at p = 0 the ratio is not 1", "p = 0 时比值不是 1", got=f"{same:.4f}", expected="1")


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
    got = number(solution.variance_shift(x, p, trials=trials))
    if got < 10:
        return trials * (v / got - quiet) / (loud - quiet)
    return trials * (v / quiet - got) / (v / quiet - v / loud)


def default_trials(solution):
    """At one seed the call without `trials` is that with 200; another number would move it by 1e-4 and more."""
    x = values(1000, 1.0)
    with solution.seeded(9):
        spelled = number(solution.variance_shift(x, 0.4, trials=200))
        plain = number(solution.variance_shift(x, 0.4))
    if not math.isclose(plain, spelled, rel_tol=1e-6):
        raise Mistake("other_default", name="trials", default="200", got=f"{plain:.6f}", expected=f"{spelled:.6f}")


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
        default_trials(solution)
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


def batches_of(count, n=256, shape=()):
    """Batches of 3 channels, each with a mean and a scale of its own."""
    signs = torch.tensor([1.0, -1.0, 2.0]).reshape(3, *[1] * len(shape))
    return [torch.randn(n, 3, *shape) * (1 + k) + (2.0 + 3 * k) * signs for k in range(count)]


def moments(x):
    """Mean and unbiased variance by channel."""
    flat = x.movedim(1, 0).reshape(x.shape[1], -1).double()
    return flat.mean(1), flat.var(1)


def average(batches):
    means, variances = zip(*map(moments, batches), strict=True)
    return torch.stack(means).mean(0), torch.stack(variances).mean(0)


class Model(NamedTuple):
    """One of worker_side.py that is to be recalibrated: name and arguments, the batches, its modules' modes."""

    name: str
    batches: list[torch.Tensor]
    flags: bool | list[bool] = False
    args: tuple[Any, ...] = ()


class Seen(NamedTuple):
    """[mean, variance, weight, bias] of each batch norm after the call, and the whole state before it and after."""

    call: str
    batches: list[torch.Tensor]
    held: Any
    then: dict[str, Any]
    now: dict[str, Any]


def made(solution, one):
    """The model, and the call of `recalibrate_bn` as it is shown."""
    model, shown = solution.shared(WORKER).made(one.name, one.flags, *one.args)
    return (
        model,
        f"recalibrate_bn(model, batches)    model: {shown}  batches: {len(one.batches)} × {shape_of(one.batches[0])}",
    )


def recalibrated(solution, one):
    """A model before and after `recalibrate_bn`."""
    worker, (model, call) = solution.shared(WORKER), made(solution, one)
    then = worker.state(model)
    with shown_as(solution, call):
        solution.recalibrate_bn(model, one.batches)
    with shown_as(solution, call):
        return Seen(call, one.batches, worker.held(model), then, worker.state(model))


def agrees(held, want, tol=0.02):
    """Running mean and variance within 2 %: a biased variance of 256 values is off by 0.4 %."""
    mean, var = (each.double() for each in held[:2])
    return bool((((mean - want[0]).abs() < tol * want[1].sqrt()) & ((var / want[1] - 1).abs() < tol)).all())


def told(pair):
    mean, variance = (each.tolist()[0] for each in pair[:2])
    return Words(f"mean {mean:.3f}, variance {variance:.3f}", f"均值 {mean:.3f}，方差 {variance:.3f}")


def expect_held(solution, seen, en, zh, want=None, at=0, **facts):
    """A batch norm holds the averages over the batches, or what else it should."""
    solution.call, want = seen.call, want or average(seen.batches)
    expect(agrees(seen.held[at], want), en, zh, got=told(seen.held[at]), expected=told(want), **facts)


def test_inputs_untouched(solution):
    """x and the batches hold the same bits after the call, and the list is as long."""
    solution.variance_shift(values(1000, 1.0), 0.4, trials=2)
    if solution.changed:
        raise Mistake("changes_the_input", dtype="float32", name="x")
    batches = batches_of(2, 64)
    model, call = made(solution, Model("single", batches))
    with shown_as(solution, call):
        solution.recalibrate_bn(model, batches)
    changed, (_, after) = solution.changed, solution.arguments()
    if len(after) != 2:
        got = Words(f"{len(after)} of 2 batches are left in the list", f"列表的 2 个 batch 中剩 {len(after)} 个")
        raise Mistake("list_emptied", left=len(after), got=got)
    expect(
        not changed,
        "the batches were changed",
        "batches 被修改了",
        got=Words(f"tensors {changed}", f"tensor {changed}"),
    )
    kept = all(torch.equal(a, b) for a, b in zip(after, batches, strict=True))
    expect(kept, "the list was put in another order", "batches 列表的顺序被改动了")


def test_recalibrated(solution):
    """The statistics are the averages over the batches, of these batches alone, whatever mode the model was in."""
    models = [
        Model("single", batches_of(4), training, (momentum,)) for training, momentum in ((False, 0.1), (True, None))
    ]
    names = ("model", "batches")
    model, call = made(solution, models[0])
    with shown_as(solution, call):
        expect_spelled(lambda: solution.recalibrate_bn(model=model, batches=models[0].batches), names)
    for seen in [recalibrated(solution, each) for each in models]:
        expect_held(
            solution,
            seen,
            "the running statistics are not the averages over the batches",
            "running statistics 不是各 batch 的平均",
        )


def test_dropout_off(solution):
    """Every kind of dropout before a batch norm is off, in a model in training and in eval."""
    came = []
    for training in (True, False):
        came.append(("nested Dropout", recalibrated(solution, Model("deep_dropout", batches_of(2), training))))
        came += [(kind, recalibrated(solution, Model("after", batches_of(2, shape=shape), training, (kind,))))
                 for kind, shape in DROPOUTS.items()]  # fmt: skip
    for kind, shape in (("BatchNorm1d", ()), ("BatchNorm2d", (2, 2)), ("BatchNorm3d", (2, 1, 2))):
        plain = recalibrated(solution, Model("of_kind", batches_of(2, shape=shape), True, (kind,)))
        suppose(agrees(plain.held[0], average(plain.batches)), "without any dropout too the statistics are wrong",
                "没有 dropout 时统计量也不对")  # fmt: skip
    on = {kind: seen for kind, seen in reversed(came) if not agrees(seen.held[0], average(seen.batches))}
    names = [kind for kind in ("nested Dropout", *DROPOUTS) if kind in on]
    listed = Words(", ".join(names), "、".join(names).replace("nested Dropout", "嵌套的 Dropout"))
    for seen in (on[name] for name in names[:1]):
        want, solution.call = average(seen.batches), seen.call
        if "Dropout2d" in names and not {"Dropout", "nested Dropout"} & {*names}:
            raise Mistake("plain_dropout_only", on=listed, got=told(seen.held[0]), expected=told(want))
        expect_held(solution, seen, f"the statistics after {listed.en} are not those without dropout",
                    f"{listed.zh} 之后的统计量不是关闭 dropout 时的", ratio=float((seen.held[0][1] / want[1]).max()))  # fmt: skip


def test_every_norm(solution):
    """BatchNorm1d, 2d and 3d, at any depth, with affine=False, the model itself, and one after another."""
    kinds = (("BatchNorm1d", ()), ("BatchNorm1d", (5,)), ("BatchNorm2d", (3, 2)), ("BatchNorm3d", (2, 2, 2)))
    came = [
        recalibrated(solution, Model("of_kind", batches_of(3, shape=shape), False, (kind,))) for kind, shape in kinds
    ]
    others = [recalibrated(solution, Model(name, batches_of(3))) for name in ("nested", "root", "without_affine")]
    same, apart = (
        [torch.randn(256, 3) * 2 + 5] * 3,
        batches_of(3),
    )  # thrice the same: batch statistics and new ones agree
    stacks = [recalibrated(solution, Model("stacked", batches, True)) for batches in (same, apart)]
    missed = [seen for seen in came if not agrees(seen.held[0], average(seen.batches))]
    names = dict.fromkeys(kind for (kind, _), seen in zip(kinds, came, strict=True) if seen in missed)
    listed = Words(", ".join(names), "、".join(names))
    for seen in missed[:1]:
        solution.call = seen.call
        if len(names) < 3:
            raise Mistake("kinds_missed", kinds=listed)
        expect(False, f"not recalibrated: {listed.en}", f"没有重新估计：{listed.zh}")
    for seen in others:
        expect_held(solution, seen, "a batch norm was not recalibrated", "有 batch norm 没有重新估计")
    for seen in stacks:
        *_, weight, bias = seen.held[0]
        inner = [torch.relu((x - x.mean(0)) / (x.var(0, unbiased=False) + 1e-5).sqrt() * weight + bias)
                 for x in (each.double() for each in seen.batches)]  # fmt: skip
        expect_held(solution, seen, "the first of two batch norms is wrong", "两个 batch norm 中的第一个不对")
        expect_held(solution, seen, "a batch norm after another is wrong", "位于另一个 batch norm 之后的 batch norm 不对",
                    average(inner), 1)  # fmt: skip


def test_as_before(solution):
    """Weights, every module's mode, momentum and p are as before; also that of a layer which two blocks share."""
    flags = [True, True, False, True, True, True, False, True, True]
    models = [Model("mixed", batches_of(2, 64), each) for each in (True, False, flags)]
    models.append(Model("sharing", batches_of(2, 64), [True, True, True, False, True]))
    came = [recalibrated(solution, each) for each in models]
    model, call = made(solution, models[0])
    with shown_as(solution, call):
        enabled, wanting = solution.shared(WORKER).modes_after(model, models[0].batches)
    for solution.call, _, _, then, now in came:
        moved = [name for name, value in then["weights"].items() if not torch.equal(value, now["weights"][name])]
        expect(not moved, f"weights were changed: {', '.join(moved)}", f"权重被改动了：{'、'.join(moved)}")
        expect(
            now["wants"] == then["wants"], "requires_grad of a parameter was changed", "有参数的 requires_grad 被改动了"
        )
        for key, id_ in (("momenta", "momentum_lost"), ("rates", "p_lost")):
            is_, was = str(now[key]), str(then[key])
            if is_ != was:
                raise Mistake(id_, now=is_, then=was, got=is_, expected=was)
    if not enabled:
        got = Words("torch.is_grad_enabled() is False", "torch.is_grad_enabled() 为 False")
        raise Mistake("grad_left_off", got=got, expected="True")
    expect(
        all(seen.now["hooks"] == seen.then["hooks"] for seen in came),
        "hooks are left in the model",
        "模型里留下了 hook",
    )
    expect(not wanting, "the batches require gradients after the call", "调用之后 batches 变成了需要梯度")
    for seen in came:
        solution.call, modes, now = seen.call, seen.then["modes"], seen.now["modes"]
        expect(now == modes, "modules are left in another mode than before", "有模块没有回到原来的模式", got=str(now),
               expected=str(modes), count=sum(now))  # fmt: skip
