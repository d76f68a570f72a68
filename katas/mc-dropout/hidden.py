"""Checks for `mc_dropout_predict(model, x, samples=50) -> (mean, variance)`.

Models are built in the worker. The work-horse is a model that is nothing but a dropout layer: there the mean of an
element tells how often it was kept, k = mean·(1-p)·S/x, and the variance then follows exactly from k. Each statistical
test spends at most ALPHA = 1e-11 of false alarm and there are fewer than thirty-five. What needs no tensors of the judge's
own, such as the modes after many calls, is asked of a helper in the worker at one go.
"""

import torch

from interview.grading.checks import statistics
from interview.grading.checks.expect import Bar, Mistake, Words, expect, expect_equal, expect_raises, expect_tensor
from interview.grading.checks.solution import SubmissionError

MODELS = '''
import torch
from torch import nn


class LoudInTraining(nn.Module):
    """Not a dropout: adds 100 in training."""

    def forward(self, x):
        return x + 100 if self.training else x


class DropPath(LoudInTraining):
    p = 0.5


class Recurrent(nn.Module):
    def __init__(self):
        super().__init__()
        self.inner = nn.LSTM(4, 4, num_layers=2, dropout=0.5, batch_first=True)

    def forward(self, x):
        return self.inner(x[:, None])[0][:, 0]


class Leaky(nn.Module):
    def __init__(self):
        super().__init__()
        self.inner = nn.RReLU(0.1, 0.9)

    def forward(self, x):
        return self.inner(x)


class Shift(nn.Module):
    def __init__(self, by):
        super().__init__()
        self.by = by

    def forward(self, x):
        return x + self.by


class Broken(Exception):
    pass


class Breaks(nn.Module):
    """Raises at the nth call, counted from the last `arm`."""

    left = 1
    error = RuntimeError

    def forward(self, x):
        Breaks.left -= 1
        if Breaks.left == 0:
            raise Breaks.error("this model breaks")
        return x


def arm(n, error=RuntimeError):
    Breaks.left, Breaks.error = n, error


def plain(training):
    return nn.Sequential(nn.Linear(5, 8), nn.ReLU(), nn.Linear(8, 3)).train(training)


def dropper(p, training=False, kind="Dropout"):
    return nn.Sequential(nn.Identity(), getattr(nn, kind)(p)).train(training)


def bare(p):
    return nn.Dropout(p).eval()


def inner(p):
    return nn.Sequential(nn.Identity(), nn.Sequential(nn.ModuleDict({"a": nn.Identity()})["a"], nn.Sequential(nn.Dropout(p)))).eval()


def shifted(p, by):
    return nn.Sequential(nn.Dropout(p), Shift(by)).eval()


def linear(p, dtype="float32"):
    model = nn.Sequential(nn.Dropout(p), nn.Linear(3, 1, bias=False)).to(getattr(torch, dtype)).eval()
    with torch.no_grad():
        model[1].weight.copy_(torch.tensor([[1.0, 2.0, -1.0]]))
    return model


def normed(training, p=0.0):
    model = nn.Sequential(nn.BatchNorm1d(4), nn.Dropout(p), nn.Sequential(nn.BatchNorm1d(4)))
    with torch.no_grad():
        for norm in (model[0], model[2][0]):
            norm.running_mean.copy_(torch.randn(4))
            norm.running_var.copy_(torch.rand(4) + 0.5)
    return model.train(training)


def loud(training, kind="LoudInTraining"):
    return nn.Sequential(globals()[kind](), nn.Dropout(0.0)).train(training)


def mixed(breaks=False):
    """Modules of all modes, in no order."""
    model = nn.Sequential(
        nn.Linear(4, 6), nn.BatchNorm1d(6), nn.Dropout(0.3),
        nn.Sequential(nn.AlphaDropout(0.2), nn.Sequential(nn.Dropout(0.5), nn.LayerNorm(6))), nn.Linear(6, 2),
        Breaks() if breaks else nn.Identity(), nn.Dropout(0.1),
    )
    model[1].num_batches_tracked.fill_(7)
    return model


def to_frames(p):
    """(B, 6) to (B, 3, 2)."""
    return nn.Sequential(nn.Dropout(p), nn.Unflatten(1, (3, 2))).eval()


def to_numbers(p):
    """(B, 6) to (B,)."""
    return nn.Sequential(nn.Dropout(p), nn.Linear(6, 1), nn.Flatten(0)).eval()


def sharing():
    """A dropout layer in two blocks: root, first block, dropout, second block."""
    drop = nn.Dropout(0.3)
    return nn.Sequential(nn.Sequential(drop), nn.Sequential(drop))


def modes(model):
    return [each.training for each in model.modules()]


def set_modes(model, flags):
    for each, flag in zip(model.modules(), flags):
        each.training = flag


def names(model):
    return [type(each).__name__ for each in model.modules()]


def state(model):
    return {name: value.clone() for name, value in model.state_dict().items()}


def wants(model):
    return [each.requires_grad for each in model.parameters()]


def in_eval(model, x):
    flags = modes(model)
    model.eval()
    with torch.no_grad():
        y = model(x)
    set_modes(model, flags)
    return y


def twice(model, x):
    """Two calls in one stretch of the generator's stream, and one after another number was drawn."""
    found = [submission.mc_dropout_predict(model, x, 5)[0] for _ in range(2)]
    torch.rand(1)
    return [*found, submission.mc_dropout_predict(model, x, 5)[0]]


def grad_modes_after(x):
    """After a call, after one under no_grad, after one that raised."""
    submission.mc_dropout_predict(mixed(), x, 3)
    found = [torch.is_grad_enabled()]
    with torch.no_grad():
        submission.mc_dropout_predict(mixed(), x, 3)
        found.append(torch.is_grad_enabled())
    torch.set_grad_enabled(True)
    after_error(mixed(True), x, 1)
    return [*found, torch.is_grad_enabled()]


def wants_after(x):
    """Does an x that wants a gradient still want it?"""
    submission.mc_dropout_predict(mixed(), x, 3)
    return x.requires_grad


def after_error(model, x, at, error=RuntimeError):
    """Was the error of the model's `at`-th pass passed on? None: it returned."""
    arm(at, error)
    try:
        submission.mc_dropout_predict(model, x, 3)
    except Exception as raised:
        return type(raised) is error
    return None


def modes_after(x, flags):
    """For each list of flags: the modes after a call. The last four are of a model that shares a layer."""
    found = []
    for each in flags:
        model = mixed() if len(each) > 4 else sharing()
        set_modes(model, each)
        submission.mc_dropout_predict(model, x, samples=3)
        found.append(modes(model))
    return found


def modes_after_errors(x, cases):
    """For each (flags, at, custom): the modes after a call whose `at`-th pass raises, and what became of the error."""
    found = []
    for flags, at, custom in cases:
        model = mixed(True)
        set_modes(model, flags)
        passed_on = after_error(model, x, at, Broken if custom else RuntimeError)
        found.append((modes(model), passed_on))
    return found


def spreads(xs):
    """For each kind of dropout and an x for it: the largest variance."""
    return [float(submission.mc_dropout_predict(dropper(0.5, False, kind), x, samples=12)[1].max())
            for kind, x in xs.items()]


def left_behind(x, flags):
    """What a call changed of the model: its state, gradients, requires_grad and hooks."""
    model = mixed()
    set_modes(model, flags)
    for each in model.parameters():
        each.grad = torch.ones_like(each)
    before, wanted = state(model), wants(model)
    submission.mc_dropout_predict(model, x, samples=3)
    after = state(model)
    return {
        "moved": [name for name in before if not torch.equal(before[name], after[name])],
        "frozen": wanted != wants(model) and not any(wants(model)),
        "wants": wanted == wants(model),
        "grads": all(each.grad is not None and bool((each.grad == 1).all()) for each in model.parameters()),
        "hooks": sum(len(each._forward_hooks) + len(each._forward_pre_hooks) for each in model.modules()),
    }
'''


def models(solution):
    """MODELS in the worker, built once for each worker."""
    kept = vars(solution)
    if "models" not in kept:
        kept["models"] = solution.build(MODELS)
    return kept["models"]


CLOSE = {"rtol": 1e-4, "atol": 1e-5}
ALL_IN_EVAL = Words("all in eval", "全部为 eval")


def signed(*shape):
    return (torch.rand(shape) + 0.5) * ((torch.rand(shape) < 0.5) * 2 - 1)


def pair(result):
    """(mean, variance), as a tuple, a list, or anything of two tensors."""
    expect(
        isinstance(result, tuple | list | torch.Tensor) and len(result) == 2,
        "two tensors were expected, (mean, variance)",
        "应返回两个张量 (mean, variance)",
        got=result,
        expected="(mean, variance)",
    )
    mean, variance = result
    return expect_tensor(mean), expect_tensor(variance)


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


def test_interface(solution):
    """Two tensors of the shape of model(x), mean first; without dropout they are model(x) and zero; keyword names."""
    h = models(solution)
    for training in (False, True):
        model, x = h.plain(training), signed(4, 5)
        want = h.in_eval(model, x)
        mean, variance = pair(solution.mc_dropout_predict(model, x, samples=6))
        zero = torch.zeros_like(want)
        if close(mean, zero) and close(variance, want):
            raise Mistake("swapped", got="(variance, mean)", expected="(mean, variance)")
        if close(mean, torch.softmax(want, -1)):
            raise Mistake("applies_softmax", got="softmax(model(x))", expected="model(x)")
        if close(mean, want) and close(variance, want.square(), 1e-3) and bool((want.abs() > 0.1).any()):
            got = Words("mean² for a model that never varies", "模型没有随机性，却得到均值²")
            raise Mistake("second_moment", got=got, expected="0")
        again = pair(solution.mc_dropout_predict(model, x, samples=6))[0]
        if (
            mean.shape == variance.shape == want.shape
            and bool((variance.abs() > 1e-3).any())
            and not close(mean, again)
        ):
            most = float(variance.max())
            got = Words(f"variance {most:.3g}", f"方差 {most:.3g}")
            raise Mistake("drops_without_layers", most=most, got=got, expected="0")
        expect_equal(mean, want, **CLOSE)
        expect_equal(variance, zero, atol=1e-8)  # equal passes, or rows of one larger product: some ulps, squared
    solution.mc_dropout_predict(model=model, x=x, samples=2)


def test_too_few(solution):
    """samples < 2 has no unbiased variance and is refused; 2 is accepted."""
    h = models(solution)
    model, x = h.dropper(0.5), signed(3, 4)
    solution.mc_dropout_predict(model, x, samples=2)
    model = h.dropper(0.5)
    accepted, calls = [], {}
    for samples in (1, 0, -3):
        try:
            solution.mc_dropout_predict(model, x, samples=samples)
        except (ValueError, AssertionError):
            continue
        except SubmissionError:
            pass
        else:
            accepted.append(samples)
        finally:
            calls[samples] = solution.call
    if accepted == [1]:
        solution.call = calls[1]
        raise Mistake("one_sample", expected="ValueError")
    for samples in (1, 0, -3):
        if samples in accepted:
            solution.call = calls[samples]
            raise Mistake("no_samples_check", samples=samples, expected="ValueError")
    if h.modes(model) != [False] * 3:
        solution.call = calls[1]
        got = Words("dropout is in training mode", "dropout 处于训练模式")
        raise Mistake("checked_too_late", got=got, expected=ALL_IN_EVAL)
    for samples in (1, 0, -3):
        expect_raises((ValueError, AssertionError), solution.mc_dropout_predict, model, x, samples=samples)


def test_active(solution):
    """Dropout is on, whatever the model's mode was, and drops at its rate p; mean and variance are over the same passes.

    6000 coins a case: all kept has probability below 1e-52, at p = 0.02. At p = 1 nothing is left.
    """
    h = models(solution)
    samples = 20
    for p, training in ((0.3, False), (0.8, True), (0.02, True)):
        x = signed(6, 50)
        mean, variance = pair(solution.mc_dropout_predict(h.dropper(p, training), x, samples=samples))
        expect_tensor(mean, shape=x.shape)
        expect_tensor(variance, shape=x.shape)
        if close(mean, x):
            if close(variance, torch.zeros_like(x)):
                raise Mistake("dropout_off")
            raise Mistake("mean_from_eval")
        k = counts(mean, x, p, samples)
        if bool((((k - samples).abs() < 1e-3) | (k.abs() < 1e-3)).all()) and close(variance, torch.zeros_like(x)):
            got = Words(f"each element was kept in all of {samples} passes or in none",
                        f"每个元素在 {samples} 次前向中要么全保留，要么全丢弃")  # fmt: skip
            raise Mistake("one_mask", got=got)
        n = x.numel() * samples
        kept = round(float(k.sum()))
        low, high = statistics.rate_interval(n, 1 - p)
        expect(
            0 <= kept <= n and statistics.rate_holds(kept, n, 1 - p),
            f"at p = {p}, {kept / n:.1%} were kept",
            f"p = {p} 时保留了 {kept / n:.3f}",
            got=f"{kept / n:.4f}",
            expected=f"{low:.4f} … {high:.4f}",
            picture=lambda: Bar(min(max(kept / n, 0.0), 1.0), low, high),
        )
    mean, _ = pair(solution.mc_dropout_predict(h.dropper(1.0), x, samples=2))
    expect_equal(mean.abs(), torch.zeros_like(x))


def passes(n):
    return Words(f"{n} passes", f"{n} 次前向")


def test_variance(solution):
    """The variance is the unbiased one of exactly `samples` passes; 50 by default."""
    h = models(solution)
    for p, samples in ((0.5, None), (0.3, 7), (0.8, 12), (0.3, 2)):
        x = signed(5, 40)
        options = {} if samples is None else {"samples": samples}
        s = samples or 50
        mean, variance = pair(solution.mc_dropout_predict(h.dropper(p), x, **options))
        expect_tensor(mean, shape=x.shape)
        k = counts(mean, x, p, s)
        if not is_whole(k):
            for other in (s - 1, s + 1):
                if other > 1 and is_whole(counts(mean, x, p, other)):
                    raise Mistake("pass_count", made=other, asked=s, got=passes(other), expected=f"{s}")
            if samples is None:
                for other in (10, 20, 25, 30, 100):
                    if is_whole(counts(mean, x, p, other)) and (
                        other != 100 or close(variance, spread(counts(mean, x, p, 100), x, p, 100))
                    ):
                        raise Mistake("default_samples", made=other, got=passes(other), expected="50")
        elif samples is None and not close(variance, spread(k, x, p, s)):
            for other in (10, 25):  # their means are also whole at 50
                if is_whole(counts(mean, x, p, other)) and close(
                    variance, spread(counts(mean, x, p, other), x, p, other)
                ):
                    raise Mistake("default_samples", made=other, got=passes(other), expected="50")
        first = float(k.flatten()[0])
        expect(
            is_whole(k),
            f"the mean is not that of {s} passes",
            f"均值不是 {s} 次前向的均值",
            got=Words(f"{first:.3f} times kept", f"保留了 {first:.3f} 次"),
            expected=Words("a whole number", "整数"),
        )
        k = k.round()
        want = spread(k, x, p, s)
        if s > 2 and not close(variance, want, 1e-3):
            known = {
                "biased": want * (s - 1) / s,
                "std_not_variance": want.sqrt(),
                "variance_of_the_mean": want / s,
                "second_moment": want * (s - 1) / s + mean.double().square(),
            }
            for name, formula in known.items():
                if close(variance, formula, 1e-3):
                    ratio = float(variance.sum() / want.sum())
                    got = Words(f"{ratio:.3f} of the unbiased variance", f"无偏方差的 {ratio:.3f} 倍")
                    raise Mistake(name, ratio=ratio, samples=s, got=got, expected="1")
        expect_equal(variance.double(), want, rtol=1e-3, atol=1e-5)


def test_fresh_masks(solution):
    """Each pass has masks of its own, so how often an element is kept is binomial; each call too.

    The share of elements whose count strays from S(1-p) by more than 2.5 has an exactly known rate; at p = 1/2 half of
    the counts are odd, however many passes there are, so passes that come in pairs show.
    """
    h = models(solution)
    p, samples, x = 0.5, 24, signed(10, 80)
    pairs = [pair(solution.mc_dropout_predict(h.dropper(p), x, samples=samples)) for _ in range(2)]
    k = [counts(mean, x, p, samples).round() for mean, _ in pairs]
    if torch.equal(k[0], k[1]):
        raise Mistake("same_every_call")
    call = solution.call
    first, second, third = h.twice(h.dropper(p), x)
    if torch.equal(first, second):
        solution.call = "mc_dropout_predict(model, x, samples=5) × 2"
        if not torch.equal(first, third):
            raise Mistake("rng_restored")
        expect(False, "more calls with one model give the same means", "同一个模型多次调用，均值都相同")
    solution.call = call
    for each, (_, variance) in zip(k, pairs, strict=True):
        odd = int((each % 2 == 1).sum())
        if odd == 0 and close(variance, spread(each, x, p, samples), 1e-3):
            got = Words(f"every element was kept an even number of times in {samples} passes",
                        f"{samples} 次前向中每个元素都保留了偶数次")  # fmt: skip
            raise Mistake("masks_repeat", got=got)
        share = odd / each.numel()
        expect(
            statistics.rate_holds(odd, each.numel(), 0.5),
            "the passes are not independent",
            "各次前向不独立",
            got=Words(f"{share:.3f} of the counts are odd", f"保留次数中 {share:.3f} 为奇数"),
            expected="0.5",
        )
        strays = int(((each - samples * (1 - p)).abs() > 2.5).sum())
        rate = statistics.tail_rate(samples, 1 - p, 2.5)
        expect(
            statistics.rate_holds(strays, each.numel(), rate),
            "the passes are not independent",
            "各次前向不独立",
            got=f"{strays / each.numel():.3f}",
            expected=f"{rate:.3f}",
        )
    # y = Σ wⱼxⱼmⱼ/(1-p) is even, lies in [-6, 8], and has mean 1 and mean square 18. Hoeffding, over rows and passes.
    samples, rows = 130, 32
    mean, variance = pair(solution.mc_dropout_predict(h.linear(0.5), torch.tensor([[2.0, 1.0, 3.0]] * rows), samples))
    expect_tensor(mean, shape=(rows, 1))
    total = float(mean[0, 0] * samples)
    expect(
        is_whole(mean.double() * samples / 2),
        f"the mean is not that of {samples} passes",
        f"均值不是 {samples} 次前向的均值",
        got=Words(f"{total:.3f} in all", f"总和 {total:.3f}"),
        expected=Words("an even number", "偶数"),
    )
    off = (torch.tensor(2e11).log().item() / (2 * samples * rows)) ** 0.5
    square = float((variance * (samples - 1) / samples + mean.square()).mean())
    expect(
        abs(float(mean.mean()) - 1) <= 14 * off,
        "the mean of a linear model is off",
        "线性模型的均值不对",
        got=f"{float(mean.mean()):.3f}",
        expected=f"1 ± {14 * off:.2f}",
    )
    expect(
        abs(square - 18) <= 64 * off,
        "the variance of a linear model is off",
        "线性模型的方差不对",
        got=f"{square - 1:.3f}",
        expected=f"17 ± {64 * off:.1f}",
    )


def test_kinds(solution):
    """All six dropout layers of torch are active."""
    h = models(solution)
    shapes = {
        "Dropout": (8, 6),
        "Dropout1d": (8, 6, 3),
        "Dropout2d": (8, 6, 2, 2),
        "Dropout3d": (8, 6, 2, 1, 2),
        "AlphaDropout": (8, 6),
        "FeatureAlphaDropout": (8, 6, 3),
    }
    spreads = h.spreads({kind: signed(*shape) for kind, shape in shapes.items()})
    solution.call = "mc_dropout_predict(model, x, samples=12)"
    idle = [kind for kind, spread in zip(shapes, spreads, strict=True) if not spread > 1e-3]
    if set(idle) == {"AlphaDropout", "FeatureAlphaDropout"}:
        raise Mistake("alpha_missed")
    if "Dropout" not in idle and len(idle) >= 3:
        raise Mistake("plain_dropout_only", idle=", ".join(idle))
    expect(not idle, f"these stay idle: {', '.join(idle)}", f"没有激活：{', '.join(idle)}", got=", ".join(idle))


def test_nested(solution):
    """A dropout layer is found at any depth: three levels down, and as the model itself."""
    h = models(solution)
    _, variance = pair(solution.mc_dropout_predict(h.inner(0.5), signed(6, 8), samples=12))
    if not bool((variance > 1e-3).any()):
        raise Mistake("top_level_only", got=Words("a dropout three levels down is idle", "嵌套三层的 dropout 没有激活"))
    _, variance = pair(solution.mc_dropout_predict(h.bare(0.5), signed(6, 8), samples=12))
    if not bool((variance > 1e-3).any()):
        raise Mistake("root_left_out")


def test_batch_norm(solution):
    """Batch norm normalises with its running statistics and leaves them alone, whatever the model's mode was."""
    h = models(solution)
    for training in (False, True):
        model, x = h.normed(training), signed(6, 4) * 3 + 1
        want, before = h.in_eval(model, x), h.state(model)
        mean, _ = pair(solution.mc_dropout_predict(model, x, samples=4))
        call = solution.call
        after = h.state(model)
        solution.call = call
        moved = [name for name in before if not torch.equal(before[name], after[name])]
        if moved or not close(mean, want):
            batch = (x - x.mean(0)) / (x.var(0, unbiased=False) + 1e-5).sqrt()
            loud = pair(solution.mc_dropout_predict(h.loud(training), x, samples=2))[0]
            solution.call = call
            if (moved or close(mean, batch, 1e-2)) and close(loud, x + 100):
                name = "train_everywhere" if not training else "eval_forgotten"
                raise Mistake(
                    name,
                    moved=", ".join(each for each in moved if "running" in each) or Words("none", "无"),
                    got=Words("batch statistics", "本批的统计量"),
                    expected=Words("running statistics", "running statistics"),
                )
        expect_equal(mean, want, **CLOSE)


def test_others_in_eval(solution):
    """Every module but the six kinds of dropout behaves as in eval: one that adds 100 in training, one of that kind
    that is called DropPath and has a p, an LSTM with its own dropout between layers, and an RReLU, random in training.
    """
    h = models(solution)
    for training in (False, True):
        x = signed(3, 4)
        mean, _ = pair(solution.mc_dropout_predict(h.loud(training), x, samples=3))
        if close(mean, x + 100):
            raise Mistake("others_in_training")
        expect_equal(mean, x, **CLOSE)
    in_training = Words("training mode", "训练模式")
    mean, _ = pair(solution.mc_dropout_predict(h.loud(False, "DropPath"), x, samples=3))
    if close(mean, x + 100):
        raise Mistake("taken_for_dropout", name="DropPath", got=in_training, expected="eval")
    for kind, name in (("Recurrent", "nn.LSTM"), ("Leaky", "nn.RReLU")):
        model = h.loud(False, kind)
        mean, variance = pair(solution.mc_dropout_predict(model, x, samples=3))
        call = solution.call
        want = h.in_eval(model, x)
        solution.call = call
        if bool((variance > 1e-6).any()) and not close(mean, want):
            raise Mistake("taken_for_dropout", name=name, got=in_training, expected="eval")
        expect_equal(mean, want, **CLOSE)


FLAGS = (
    [False] * 12,
    [True] * 12,
    [True, True, False, True, True, False, True, True, True, True, True, True],  # batch norm frozen, one dropout off
    [False, True, False, True, False, True, False, True, False, True, False, True],
)


def test_modes(solution):
    """Each module is in its own mode of before: all eval, all training, and mixtures; a layer that two blocks share."""
    h = models(solution)
    shared = [True, True, True, False]  # the second block alone was put in eval
    *found, after_sharing = h.modes_after(signed(5, 4), [*map(list, FLAGS), shared])
    solution.call = "mc_dropout_predict(model, x, samples=3)"
    for flags, after in zip(FLAGS, found, strict=True):
        if after == list(flags):
            continue
        names = h.names(h.mixed())
        solution.call = "mc_dropout_predict(model, x, samples=3)"
        off = [(name, now) for name, now, then in zip(names, after, flags, strict=True) if now != then]
        got = Words(
            ", ".join(f"{name}: {'training' if now else 'eval'}" for name, now in off),
            "，".join(f"{name}：{'训练模式' if now else 'eval'}" for name, now in off),
        )
        if flags == FLAGS[0] and after == ["Dropout" in each for each in names]:
            raise Mistake("dropout_left_on", got=got, expected=ALL_IN_EVAL)
        if flags == FLAGS[1] and not any(after):
            raise Mistake("left_in_eval", got=ALL_IN_EVAL, expected=Words("all in training", "全部为训练模式"))
        if flags in FLAGS[2:] and after == [flags[0]] * len(flags):
            raise Mistake("one_mode_for_all", got=got, expected=Words("each module's own mode", "各模块原来的模式"))
        expect(False, "modules are left in another mode than before", "有模块没有回到原来的模式", got=got)
    if after_sharing == [True, True, False, False]:
        got, expected = (
            Words("the shared dropout is in eval", "共用的 dropout 处于 eval"),
            Words("training", "训练模式"),
        )
        raise Mistake("shared_layer", got=got, expected=expected)
    expect(
        after_sharing == shared,
        "in a model that shares a layer, modules are left in another mode than before",
        "模型共用一个层时，有模块没有回到原来的模式",
    )


def test_modes_after_error(solution):
    """When the model raises, the exception is passed on and every mode is as before, be it of a type of its own."""
    h = models(solution)
    cases = [(FLAGS[0], 1, False), (FLAGS[2], 1, False), (FLAGS[3], 2, False), (FLAGS[2], 1, True)]
    x = signed(5, 4)
    found = h.modes_after_errors(x, [(list(flags), at, custom) for flags, at, custom in cases])
    solution.call = "mc_dropout_predict(model, x, samples=3)"
    for (flags, at, custom), (after, passed_on) in zip(cases, found, strict=True):
        if after != list(flags):
            off = sum(now != then for now, then in zip(after, flags, strict=True))
            got = Words(f"{off} of {len(flags)} modules in another mode", f"{len(flags)} 个模块中 {off} 个模式不对")
            restored = h.modes_after(x, [list(flags)])[0] == list(flags)
            solution.call = "mc_dropout_predict(model, x, samples=3)"
            expect(restored, "the modes are lost even without an exception", "没有异常时模式也没有恢复", got=got)
            raise Mistake("modes_lost_on_error", off=off, total=len(flags), got=got)
        if at == 1 and passed_on is None:
            raise Mistake("error_swallowed", got=Words("no exception", "没有异常"), expected="RuntimeError")
        if at == 1 and not passed_on:
            h.modes_after(x, [list(flags)])  # an error of its own, without the model's, is told as such
            solution.call = "mc_dropout_predict(model, x, samples=3)"
            got = Words("an exception of another type", "另一种异常")
            raise Mistake("error_replaced", got=got, expected=Words("the model's own", "模型自己的异常"))


def test_no_graph(solution):
    """The results carry no graph, though the parameters and even x want gradients; grad mode is as before."""
    h = models(solution)
    for x in (signed(4, 4), signed(4, 4).requires_grad_()):
        mean, variance = pair(solution.mc_dropout_predict(h.mixed(), x, samples=3))
        if mean.requires_grad or variance.requires_grad:
            raise Mistake("graph_kept", got="requires_grad=True", expected="requires_grad=False")
    after, under_no_grad, after_error = h.grad_modes_after(signed(4, 4))
    solution.call = "mc_dropout_predict(model, x, samples=3)"
    if not after:
        raise Mistake("grad_left_off", got="torch.is_grad_enabled() is False", expected="True")
    if under_no_grad:
        raise Mistake("grad_switched_on", got="torch.is_grad_enabled() is True", expected="False")
    expect(
        after_error,
        "after an exception gradients stay off",
        "模型抛出异常后梯度一直处于关闭状态",
        got="False",
        expected="True",
    )


def test_untouched(solution):
    """Parameters with their gradients, buffers, hooks, requires_grad and x are as before."""
    h = models(solution)
    for flags in FLAGS[:2]:
        x = signed(5, 4)
        found = h.left_behind(x, list(flags))
        solution.call = "mc_dropout_predict(model, x, samples=3)"
        if solution.changed:
            raise Mistake("changes_x")
        moved = ", ".join(found["moved"])
        expect(not moved, f"the model was changed: {moved}", f"模型被改动了：{moved}", got=moved)
        if found["frozen"]:
            raise Mistake("parameters_frozen", got="requires_grad=False", expected="requires_grad=True")
        expect(found["wants"], "requires_grad of a parameter was changed", "有参数的 requires_grad 被改动了")
        if not found["grads"]:
            raise Mistake("grads_lost")
        if found["hooks"]:
            got = Words(f"{found['hooks']} hooks", f"{found['hooks']} 个 hook")
            raise Mistake("hooks_left", count=found["hooks"], got=got, expected=Words("none", "没有"))
    wanted = h.wants_after(signed(5, 4).requires_grad_())
    solution.call = "mc_dropout_predict(model, x, samples=3)"
    expect(wanted, "x no longer requires a gradient", "x 不再需要梯度")
    model, x = h.dropper(0.5), signed(6, 40)
    solution.mc_dropout_predict(model, x, samples=3)
    call = solution.call
    if not close(h.in_eval(model, x), x):
        solution.call = call
        raise Mistake("left_on_for_good")


def test_generator(solution):
    """torch's global generator decides the masks, and it is not reseeded."""
    h = models(solution)
    model, x = h.dropper(0.5), signed(6, 40)
    with solution.seeded(7, other=1):
        first = pair(solution.mc_dropout_predict(model, x, samples=5))[0]
        reseeded = solution.reseeded
    if reseeded:
        raise Mistake(
            "reseeds", got=Words("the generator has left the stream of its seed", "生成器离开了原种子的随机序列")
        )
    with solution.seeded(7, other=2):
        second = pair(solution.mc_dropout_predict(model, x, samples=5))[0]
    with solution.seeded(8, other=1):
        third = pair(solution.mc_dropout_predict(model, x, samples=5))[0]
    expect(
        close(first, second) and not close(first, third),
        "torch.manual_seed does not decide the masks",
        "torch.manual_seed 不能决定掩码",
    )


def test_numerics(solution):
    """Far from zero the variance is still right: 10000 is exact in float32, its neighbours are 0.001 apart.

    Squares of 10000 are rounded to 8, so a difference of mean squares has no digit left.
    """
    h = models(solution)
    p, samples, x = 0.5, 16, signed(5, 30) * 2
    mean, variance = pair(solution.mc_dropout_predict(h.shifted(p, 10000.0), x, samples=samples))
    expect_tensor(variance, shape=x.shape)
    k = counts(mean.double() - 10000, x, p, samples).round()
    want = spread(k, x, p, samples)
    worst = float((variance.double() - want).abs().max())
    off, limit = Words(f"off by up to {worst:.3g}", f"最多偏差 {worst:.3g}"), Words("within 0.05", "不超过 0.05")
    if worst > 0.05:
        call = solution.call
        with_zero = pair(solution.mc_dropout_predict(h.shifted(p, 0.0), x, samples=samples))
        solution.call = call
        k = counts(with_zero[0], x, p, samples).round()
        if close(with_zero[1], spread(k, x, p, samples), 1e-3):
            raise Mistake("cancellation", worst=worst, least=float(variance.min()), got=off, expected=limit)
    expect(
        worst <= 0.05,
        "the variance is wrong for outputs far from zero",
        "输出远离零时方差不对",
        got=off,
    )


def test_shapes(solution):
    """Results have the shape and dtype of model(x): (B,), (B, T, C), a batch of one, float64.

    Four variances of their own are all equal only where all four are zero: below 1e-12.
    """
    h = models(solution)
    for model, b, shape in (
        (h.to_frames(0.4), 4, (4, 3, 2)),
        (h.to_numbers(0.4), 4, (4,)),
        (h.to_frames(0.4), 1, (1, 3, 2)),
        (h.to_numbers(0.4), 1, (1,)),
    ):
        mean, variance = pair(solution.mc_dropout_predict(model, signed(b, 6), samples=3))
        for each in (mean, variance):
            expect_tensor(each, shape=shape, dtype=torch.float32)
        expect(
            b == 1 or not bool((variance == variance[:1]).all()),
            "every sample of the batch has the same variance",
            "batch 中所有样本的方差都一样",
        )
    for each in pair(solution.mc_dropout_predict(h.linear(0.4, "float64"), signed(4, 3).double(), samples=3)):
        if each.dtype is torch.float32:
            raise Mistake("float32_out", got="float32", expected="float64")
        expect_tensor(each, shape=(4, 1), dtype=torch.float64)
