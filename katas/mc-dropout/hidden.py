"""Checks for `mc_dropout_predict(model, x, samples=50) -> (mean, variance)`.

Models are built on the worker's side. The work-horse is a model that is nothing but a dropout layer: there the mean of
an element tells how often it was kept, k = mean·(1-p)·S/x, and the variance then follows exactly from k. Each
statistical test spends at most ALPHA = 1e-11 of false alarm and there are fewer than twenty. What a call leaves behind
holds no random number, so a known mistake leaves the same behind however it is written.
"""

from pathlib import Path
from typing import Any

import torch

from interview.grading.checks.expect import REFUSALS, Bar, Mistake, Words, expect, expect_equal, expect_tensor
from interview.grading.checks.generic import expect_dtype, expect_spelled, expect_untouched
from interview.grading.checks.masks import expect_binomial, signed
from interview.grading.checks.solution import SubmissionError
from interview.grading.checks.statistics import rate_holds, rate_interval

SIDE = Path(__file__).with_name("worker_side.py").read_text(encoding="utf-8")
NAMES = ("model", "x", "samples")
CLOSE: dict[str, Any] = {"rtol": 1e-4, "atol": 1e-5, "dtype": False}
FORMULAS = {  # known wrong variances, of the right one, the mean and the number of passes
    "biased": lambda v, mean, s: v * (s - 1) / s,
    "std_not_variance": lambda v, mean, s: v.sqrt(),
    "variance_of_the_mean": lambda v, mean, s: v / s,
    "second_moment": lambda v, mean, s: v * (s - 1) / s + mean.square(),
}
KINDS = {"Dropout": (8, 6), "Dropout1d": (8, 6, 3), "Dropout2d": (8, 6, 2, 2), "Dropout3d": (8, 6, 2, 1, 2),
         "AlphaDropout": (8, 6), "FeatureAlphaDropout": (8, 6, 3)}  # fmt: skip
FLAGS = (
    [False] * 12,
    [True] * 12,
    [True, True, False, True, True, False, True, True, True, True, True, True],  # batch norm frozen, one dropout off
    [False, True, False, True, False, True, False, True, False, True, False, True],
)
SHARED = [True, True, True, False]  # the second of the blocks that share a layer was put in eval
OTHERS = {"DropPath": "DropPath", "Recurrent": "nn.LSTM", "Leaky": "nn.RReLU"}
IN_TRAINING, AS_IN_EVAL = Words("training mode", "训练模式"), Words("as in eval", "与 eval 时一样")


def made(solution, *models):
    """Models of the worker's side, each by its function's name and arguments."""
    return solution.shared(SIDE).made(models)


def told(solution, name, *args, samples=3):
    """What a function of the worker's side says of the calls that it makes."""
    try:
        return getattr(solution.shared(SIDE), name)(*args)
    finally:
        solution.call = f"mc_dropout_predict(model, x, samples={samples})"


def asked(solution, *calls):
    """(mean, variance) of each call, made in one journey; they may come as anything of two tensors."""
    for each in solution.mc_dropout_predict.each(calls):
        expect(isinstance(each, tuple | list | torch.Tensor) and len(each) == 2, "two tensors were expected",
               "应返回两个张量", got=each, expected="(mean, variance)")  # fmt: skip
        yield expect_tensor(each[0]), expect_tensor(each[1])


def close(a, b, tol=1e-4):
    return a.shape == b.shape and bool(((a.double() - b.double()).abs() <= 1e-5 + tol * b.double().abs()).all())


def counts(mean, x, p, samples):
    """How often each element was kept, from its mean; not whole numbers unless the mean is over `samples` masks."""
    return mean.double() / x.double() * (1 - p) * samples


def is_whole(k):
    return bool(((k - k.round()).abs() < 2e-3).all())


def spread(k, x, p, samples):
    """The unbiased variance of k times x/(1-p) among samples - k zeros."""
    return (x.double() / (1 - p)).square() * k * (samples - k) / (samples * (samples - 1))


def expect_passes(mean, variance, x, p, samples):
    """Both are over the same `samples` masks."""
    k = counts(expect_tensor(mean, shape=x.shape), x, p, samples)
    expect(is_whole(k), f"the mean is not that of {samples} passes", f"均值不是 {samples} 次前向的均值",
           got=Words(f"{k.flatten()[0]:.3f} times kept", f"保留了 {k.flatten()[0]:.3f} 次"),
           expected=Words("a whole number", "整数"))  # fmt: skip
    expect_equal(variance, spread(k.round(), x, p, samples), rtol=1e-3, atol=1e-5, dtype=False)


def test_input_untouched(solution):
    """x holds the same bits after the call, whether or not it asks for a gradient, and under no_grad."""
    (model,), x = made(solution, ("dropper", 0.5)), signed(4, 5)
    for grad, each in ((True, x), (True, x.clone().requires_grad_()), (False, x)):
        with torch.set_grad_enabled(grad):
            expect_untouched(solution, [(x.dtype, lambda: solution.mc_dropout_predict(model, each, 3))])


def test_interface(solution):
    """Two tensors of the shape of model(x), mean first; without dropout they are model(x) and zero; keyword names.

    What cancels may differ by some ulps, and is another check's to tell.
    """
    x, models = signed(4, 5), made(solution, ("plain", False), ("plain", True))
    wants = told(solution, "in_eval", models, x)
    came = list(asked(solution, *((each, x, 6) for each in models for _ in range(2))))
    shown = solution.call
    expect_spelled(lambda: solution.mc_dropout_predict(**dict(zip(NAMES, (models[0], x, 2), strict=True))), NAMES)
    solution.call = shown
    for want, (mean, variance), (again, _) in zip(wants, came[::2], came[1::2], strict=True):
        expect_tensor(mean, shape=want.shape)
        most = float(expect_tensor(variance, shape=want.shape).max())
        if most > 1e-3 and not close(mean, again):
            got = Words(f"variance {most:.3g}", f"方差 {most:.3g}")
            raise Mistake("drops_without_layers", most=most, got=got, expected="0")
        expect_equal(mean, want, **CLOSE)
        expect_equal(variance, torch.zeros_like(want), atol=1e-5, dtype=False)


def test_too_few(solution):
    """samples < 2 has no unbiased variance and is refused, before the model is touched; 2 is accepted."""
    (fresh, model), x = made(solution, ("dropper", 0.0), ("dropper", 0.0)), signed(3, 4)
    calls = [(fresh, x, 2), *((model, x, n) for n in (1, 0, -3))]
    came = solution.mc_dropout_predict.each(calls, catch=(SubmissionError,))
    seen = {n: (each, solution.call) for (_, _, n), each in zip(calls, came, strict=True)}
    refused = {n: isinstance(each, REFUSALS) for n, (each, _) in seen.items()}
    for n, (each, solution.call) in seen.items():
        if n < 2 and not isinstance(each, SubmissionError):
            only = refused[0] and refused[-3]
            raise Mistake("one_sample" if only else "no_samples_check", samples=n, expected="ValueError")
        if n < 2 and not refused[n]:
            raise Mistake("refused_otherwise", samples=n, type=each.type, got=str(each), expected="ValueError")
        expect(n < 2 or not isinstance(each, SubmissionError), "samples=2 raises", "samples=2 会报错", got=str(each))
    if any(told(solution, "modes", model, samples=1)):
        got = Words("dropout is in training mode", "dropout 处于训练模式")
        raise Mistake("checked_too_late", got=got, expected=Words("all in eval", "全部为 eval"))


def test_active(solution):
    """Dropout is on, whatever the model's mode was, and drops at its rate p; at p = 1 nothing is left.

    6,000 coins a case: all kept has probability below 1e-52, at p = 0.02.
    """
    samples, x = 20, signed(6, 50)
    cases = ((0.3, False), (0.8, True), (0.02, True), (1.0, False))
    calls = [(model, x, samples) for model in made(solution, *(("dropper", *each) for each in cases))]
    for (p, _), (mean, variance) in zip(cases, asked(solution, *calls), strict=True):
        expect_tensor(mean, shape=x.shape)
        still = close(expect_tensor(variance, shape=x.shape), torch.zeros_like(x))
        if p < 1 and close(mean, x):
            raise Mistake("dropout_off" if still else "mean_from_eval")
        if p == 1:
            expect_equal(mean.abs(), torch.zeros_like(x), dtype=False)
            continue
        k = counts(mean, x, p, samples)
        if still and bool((((k - samples).abs() < 1e-3) | (k.abs() < 1e-3)).all()):
            got = Words(f"each element was kept in all of {samples} passes or in none",
                        f"每个元素在 {samples} 次前向中要么全保留，要么全丢弃")  # fmt: skip
            raise Mistake("one_mask", got=got)
        n, kept = x.numel() * samples, round(float(k.sum()))
        low, high = rate_interval(n, 1 - p)
        expect(0 <= kept <= n and rate_holds(kept, n, 1 - p), f"at p = {p}, {kept / n:.1%} were kept",
               f"p = {p} 时保留了 {kept / n:.3f}", got=f"{kept / n:.4f}", expected=f"{low:.4f} … {high:.4f}",
               picture=lambda: Bar(min(max(kept / n, 0.0), 1.0), low, high))  # fmt: skip


def test_variance(solution):
    """The variance is the unbiased one of exactly `samples` passes, be they few or many; 50 by default.

    Summed one by one in float32, 100 passes move a count by less than 0.001.
    """
    x, cases = signed(5, 40), ((0.3, 7), (0.8, 12), (0.5, 100), (0.3, 2), (0.5, None))
    models = made(solution, *(("dropper", p) for p, _ in cases))
    came = asked(solution, *((model, x, s) if s else (model, x) for model, (_, s) in zip(models, cases, strict=True)))
    for (p, s), (mean, variance) in zip(cases, came, strict=True):
        samples = s or 50
        k = counts(expect_tensor(mean, shape=x.shape), x, p, samples)
        want = spread(k.round(), x, p, samples)
        if is_whole(k) and close(variance, want, 1e-3):
            continue
        passes = next((n for n in range(1, 200) if is_whole(counts(mean, x, p, n))), samples)  # the least that can be
        if passes != samples:
            got, name = Words(f"{passes} passes", f"{passes} 次前向"), "pass_count" if s else "default_samples"
            raise Mistake(name, made=passes, asked=samples, got=got, expected=f"{samples}")
        for name, formula in FORMULAS.items() if samples > 2 else ():
            if close(variance, formula(want, mean.double(), samples), 1e-3):
                ratio = float(variance.sum() / want.sum())
                got = Words(f"{ratio:.3f} of the unbiased variance", f"无偏方差的 {ratio:.3f} 倍")
                raise Mistake(name, ratio=ratio, samples=samples, got=got, expected="1")
        expect_passes(mean, variance, x, p, samples)


def test_fresh_masks(solution):
    """Each pass has masks of its own, so how often an element is kept is binomial; each sample and each call too.

    The share of elements whose count strays from S(1-p) by more than 2.5 has an exactly known rate; at p = 1/2 half of
    the counts are odd, however many passes there are, so passes that come in pairs show. That all rows of counts are
    alike has probability below 2^-700.
    """
    p, samples, x = 0.5, 24, signed(10, 80)
    came = list(asked(solution, *[(*made(solution, ("dropper", p)), x, samples)] * 2))
    k = [counts(expect_tensor(mean, shape=x.shape), x, p, samples).round() for mean, _ in came]
    shown = solution.call
    if torch.equal(k[0], k[1]):
        raise Mistake("same_every_call")
    alike, later = told(solution, "twice", x)
    if alike and not later:
        raise Mistake("rng_restored")
    expect(not alike, "more calls with one model give the same means", "同一个模型多次调用，均值都相同")
    solution.call = shown
    for each, (_, variance) in zip(k, came, strict=True):
        if bool((each == each[:1]).all()):
            raise Mistake("shared_over_batch", got=Words("one count a column", "每一列的保留次数都相同"))
        odd = int((each % 2 == 1).sum())
        if odd == 0 and close(variance, spread(each, x, p, samples), 1e-3):
            got = Words(f"every element was kept an even number of times in {samples} passes",
                        f"{samples} 次前向中每个元素都保留了偶数次")  # fmt: skip
            raise Mistake("masks_repeat", got=got)
        share = odd / each.numel()
        expect(rate_holds(odd, each.numel(), 0.5), "the passes are not independent", "各次前向不独立",
               got=Words(f"{share:.3f} of the counts are odd", f"保留次数中 {share:.3f} 为奇数"), expected="0.5")  # fmt: skip
        expect_binomial(each.flatten().tolist(), samples, p)


def test_kinds(solution):
    """All six dropout layers of torch are active."""
    idle = told(solution, "idle", {kind: signed(*shape) for kind, shape in KINDS.items()}, samples=12)
    said = ", ".join(idle)
    if idle == ["AlphaDropout", "FeatureAlphaDropout"]:
        raise Mistake("alpha_missed", got=said)
    if idle and "Dropout" not in idle:
        raise Mistake("plain_dropout_only", idle=said, got=said)
    expect(not idle, f"these stay idle: {said}", f"没有激活：{said}", got=said)


def test_nested(solution):
    """A dropout layer is found at any depth: three levels down, and as the model itself."""
    models = made(solution, ("inner", 0.5), ("bare", 0.5))
    deep, root = (told(solution, "varying", model, signed(6, 8), samples=12) for model in models)
    expect(deep, "a dropout three levels down is idle", "嵌套三层的 dropout 没有激活")
    expect(root, "a model that is a dropout layer is idle", "模型本身就是 dropout 层时没有激活")


def test_batch_norm(solution):
    """Batch norm normalises with its running statistics and leaves them alone, whatever the model's mode was."""
    found = [told(solution, "normalised", signed(6, 4) * 3 + 1, training) for training in (False, True)]
    for want, mean, moved in found:
        running = ", ".join(each for each in moved if "running" in each) or Words("none", "无")
        expect(not moved, "batch norm has counted this batch", "batch norm 计入了这个 batch", moved=running,
               got=Words("batch statistics", "本批的统计量"), expected=Words("running statistics", "running statistics"))  # fmt: skip
        expect_equal(mean, want, **CLOSE)


def test_others_in_eval(solution):
    """Every module but the six kinds of dropout behaves as in eval: one that adds 100 in training, one of that kind
    that is called DropPath and has a p, an LSTM with its own dropout between layers, and an RReLU, random in training.
    """
    x, cases = signed(3, 4), (("LoudInTraining", False), ("LoudInTraining", True), *((each, False) for each in OTHERS))
    models = made(solution, *(("beside", *each) for each in cases))
    wants = told(solution, "in_eval", models, x)
    came = asked(solution, *((each, x, 3) for each in models))
    for (kind, _), want, (mean, _) in zip(cases, wants, came, strict=True):
        if not close(mean, want) and kind in OTHERS:
            raise Mistake("taken_for_dropout", name=OTHERS[kind], got=IN_TRAINING, expected="eval")
        expect(close(mean, want), "a module that is no dropout is in training mode", "不是 dropout 的模块处于训练模式",
               got=mean, expected=AS_IN_EVAL)  # fmt: skip


def test_modes(solution):
    """Each module is in its own mode of before: all eval, all training, and mixtures; a layer that two blocks share."""
    for off in told(solution, "modes_after", signed(5, 4), [*map(list, FLAGS), SHARED]):
        got = Words(", ".join(f"{name}: {'training' if now else 'eval'}" for name, now in off),
                    "，".join(f"{name}：{'训练模式' if now else 'eval'}" for name, now in off))  # fmt: skip
        expect(not off, "modules are left in another mode than before", "有模块没有回到原来的模式", got=got)


def test_modes_after_error(solution):
    """When the model raises, the exception is passed on and every mode is as before, be it of a type of its own."""
    cases = [(FLAGS[0], 1, False), (FLAGS[2], 1, False), (FLAGS[3], 2, False), (FLAGS[2], 1, True)]
    found = told(solution, "modes_after_errors", signed(5, 4), cases)
    for (before, at, _), (after, came) in zip(cases, found, strict=True):
        off, total = sum(now != then for now, then in zip(after, before, strict=True)), len(before)
        if off:
            got = Words(f"{off} of {total} modules in another mode", f"{total} 个模块中 {off} 个模式不对")
            raise Mistake("modes_lost_on_error", off=off, total=total, got=got)
        if at == 1 and came == "returned":  # the second pass may be no other than the first, in one large batch
            raise Mistake("error_swallowed", got=Words("no exception", "没有异常"), expected="RuntimeError")
        if at == 1 and came != "passed on":
            raise Mistake("error_replaced", got=came, expected=Words("the model's own", "模型自己的异常"))


def test_no_graph(solution):
    """The results carry no graph, though the parameters and even x want gradients; grad mode is as before."""
    wanting, after, quiet, later = told(solution, "grad_modes", signed(4, 4))
    if wanting:
        raise Mistake("graph_kept", got="requires_grad=True", expected="requires_grad=False")
    if not after:
        raise Mistake("grad_left_off", got="torch.is_grad_enabled() is False", expected="True")
    if quiet:
        raise Mistake("grad_switched_on", got="torch.is_grad_enabled() is True", expected="False")
    if not later:
        raise Mistake("grad_off_after_error", got="torch.is_grad_enabled() is False", expected="True")


def test_untouched(solution):
    """Parameters with their gradients, buffers, hooks, requires_grad are as before, and x asks for its gradient."""
    for found in [told(solution, "left_behind", signed(5, 4), training) for training in (False, True)]:
        moved = ", ".join(found["moved"])
        if moved:
            raise Mistake("model_changed", moved=moved, got=moved, expected=Words("nothing", "没有变化"))
        if found["frozen"]:
            raise Mistake("parameters_frozen", got="requires_grad=False", expected="requires_grad=True")
        expect(found["wants"], "requires_grad of a parameter was changed", "有参数的 requires_grad 被改动了")
        if not found["grads"]:
            raise Mistake("grads_lost")
        if found["hooks"]:
            got = Words(f"{found['hooks']} hooks", f"{found['hooks']} 个 hook")
            raise Mistake("hooks_left", count=found["hooks"], got=got, expected=Words("none", "没有"))
        if not found["x_wants"]:
            raise Mistake("x_detached", got="x.requires_grad is False", expected="True")
        if not found["still"]:
            raise Mistake("left_on_for_good")


def test_generator(solution):
    """torch's global generator decides the masks; it is never put back to where it stood, and not reseeded."""
    (model,), x, means = made(solution, ("dropper", 0.5)), signed(6, 40), []
    if told(solution, "rewinds", x):
        raise Mistake("rewound_later", got=Words("numbers that were drawn before", "抽过的随机数再次出现"))
    for seed, other in ((7, 1), (7, 2), (8, 1)):
        with solution.seeded(seed, other=other):
            means += [mean for mean, _ in asked(solution, (model, x, 5))]
            if solution.reseeded:
                got = Words("the generator has left the stream of its seed", "生成器离开了原种子的随机序列")
                raise Mistake("reseeds", got=got)
    if not close(means[0], means[1]) or close(means[0], means[2]):
        raise Mistake("other_generator")


def test_numerics(solution):
    """Far from zero the variance is still right: 10000 is exact in float32, its neighbours are 0.001 apart.

    Squares of 10000 are rounded to 8, so a difference of mean squares has no digit left. A right answer's mean strays
    by 0.01, and its variance by a few thousandths.
    """
    p, samples, x = 0.5, 16, signed(5, 30) * 2
    models = made(solution, ("shifted", p, 10000.0), ("shifted", p, 0.0))
    (mean, variance), near = asked(solution, *((each, x, samples) for each in models))
    want = spread(counts(expect_tensor(mean, shape=x.shape).double() - 10000, x, p, samples).round(), x, p, samples)
    worst = float((expect_tensor(variance, shape=x.shape).double() - want).abs().max())
    got, expected = Words(f"off by up to {worst:.3g}", f"最多偏差 {worst:.3g}"), Words("within 0.05", "不超过 0.05")
    if not worst <= 0.05 and close(near[1], spread(counts(near[0], x, p, samples).round(), x, p, samples), 1e-3):
        raise Mistake("cancellation", worst=worst, least=float(variance.min()), got=got, expected=expected)
    expect(
        worst <= 0.05,
        "the variance is wrong for outputs far from zero",
        "输出远离零时方差不对",
        got=got,
        expected=expected,
    )


def test_shapes(solution):
    """Results have the shape and dtype of model(x): (B,), (B, T, C), a batch of one, float64."""
    p, few, one = 0.4, signed(4, 6), signed(1, 6)
    frames, numbers, wide = made(solution, ("to_frames", p), ("to_numbers", p), ("to_numbers", p, "float64"))
    calls = [(frames, few, 3), (frames, one, 3), (numbers, few, 3), (numbers, one, 3), (wide, few.double(), 3)]
    shapes = (4, 3, 2), (1, 3, 2), (4,), (1,), (4,)
    for (_, x, samples), shape, found in zip(calls, shapes, asked(solution, *calls), strict=True):
        mean, variance = (expect_dtype(each, x.dtype, torch.Size(shape)) for each in found)
        if len(shape) == 3:
            expect_passes(mean, variance, x.reshape(shape), p, samples)
