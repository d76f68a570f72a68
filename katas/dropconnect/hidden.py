"""Checks for `DropConnectLinear(in_features, out_features, p=0.5, bias=True)`.

The mask is read from the output. With weights ±2^j and inputs ±1 a sum of kept terms tells which were kept, exactly:
its binary digits are the mask, and float32 holds ten of them with room to spare. Each statistical test spends at most
ALPHA = 1e-11 of false alarm and the suite has fewer than a hundred of them: a right answer is turned away with
probability below 1e-9 a run. About 220,000 coins are tossed in all, so that a plain loop over samples, outputs and
inputs is judged within its twenty seconds. p is rarely one half, where keep and drop, 1/p and 1/(1-p), coincide.
"""

import itertools

import torch

from interview.grading.checks import statistics
from interview.grading.checks.expect import Mask, Mistake, Unseen, Words, expect, expect_equal, expect_tensor, name_of
from interview.grading.checks.masks import expect_lags, expect_new_masks, rate_found
from interview.grading.checks.solution import ForbiddenCall

HALF = {torch.float16: 1e-2, torch.bfloat16: 4e-2, torch.float32: 1e-5, torch.float64: 1e-5}
OWN_COIN = Words("a coin each", "各抽各的")
THE_BIAS = Words("the bias", "bias")
DROPS = Words("drops, in training mode", "训练模式下要丢弃")
HELPER = """
import torch


def parameters(layer):
    return {name: list(each.shape) for name, each in layer.named_parameters() if each.requires_grad}


def make(weight, bias, p):
    out, n = weight.shape
    layer = submission.DropConnectLinear(n, out, p, bias is not None)
    with torch.no_grad():
        layer.weight.copy_(weight)
        if bias is not None:
            layer.bias.copy_(bias)
    return layer


def refused(p, training):
    # at construction or at the first forward
    try:
        submission.DropConnectLinear(4, 3, p).train(training)(torch.ones(2, 4))
    except Exception as error:
        return isinstance(error, (ValueError, AssertionError))
    return False


def all_refused(cases):
    return [refused(p, training) for p, training in cases]


def is_module(layer):
    return isinstance(layer, torch.nn.Module)


def in_a_model(layer, x, mode):
    model = torch.nn.Sequential(torch.nn.Identity(), torch.nn.Sequential(layer))
    model.train(mode)
    return model(x)


def freeze(layer):
    for each in layer.parameters():
        each.requires_grad_(False)


def outputs(layer, x, times):
    return torch.stack([y.detach().clone() for y in again(layer, x, times)])


def in_dtype(layer, x):
    # in training and in eval
    layer.to(x.dtype)
    y = layer(x)
    layer.eval()
    return y, layer(x)
"""


def signs(*shape):
    return (torch.rand(shape) < 0.5) * 2.0 - 1


def signed(*shape):
    """Values of both signs between 0.5 and 2 in magnitude."""
    return (torch.rand(shape) * 1.5 + 0.5) * signs(*shape)


def powers(out, n):
    """Weights ±1, ±2, ±4, … along each row."""
    return signs(out, n) * 2.0 ** torch.arange(n)


def helper_of(solution):
    """HELPER in the worker, built once for each worker."""
    kept = vars(solution)
    if "helper" not in kept:
        kept["helper"] = solution.build(HELPER)
    return kept["helper"]


def layer_with(solution, weight, bias, p):
    """A fresh layer with those values; `bias` may be None."""
    layer = helper_of(solution).make(weight, bias, p)
    layer._shown = f"DropConnectLinear({weight.shape[1]}, {weight.shape[0]}, p={p:g})"
    return layer


def alike(rows):
    """The first two rows of a 2-d mask that are equal, and whether they hold both kept and dropped; or None."""
    seen = {}
    for index, row in enumerate(rows.tolist()):
        first = seen.setdefault(tuple(row), index)
        if first != index:
            return first, index, 0 < sum(row) < len(row)
    return None


def read(y, x, weight, scale):
    """The mask (B, out, in), True = kept, that explains y = scale · Σ kept weight·x; None if none does.

    A term that is negative counts as 2^j less than the whole, so that all digits are of one sign.
    """
    n = weight.shape[1]
    positive = (x[:, None, :] * weight) > 0
    digits = 2.0 ** torch.arange(n, dtype=torch.float64)
    total = y.double() / scale + (~positive * digits).sum(-1)
    whole = total.round()
    if not bool(((total - whole).abs() < 0.02).all() and (whole >= 0).all() and (whole < 2**n).all()):
        return None
    bits = (whole.long()[..., None] >> torch.arange(n)) & 1 == 1
    return bits == positive


def sum_over(weight, p):
    terms, keep = weight[0].tolist(), f"{1 - p:g}"
    return Words(f"a sum of some of {terms}, over {keep}", f"{terms} 中若干项之和，除以 {keep}")


def masks(solution, p, b, out, n, calls=1):
    """The masks of some calls of one layer in training, or Wrong where the output is no sum of kept weights."""
    weight = powers(out, n)
    layer = layer_with(solution, weight, None, p)
    found = []
    inputs = [(signs(b, n),) for _ in range(calls)]
    for (x,), y in zip(inputs, layer.each(inputs), strict=True):
        mask = read(expect_tensor(y, shape=(b, out)), x, weight, 1 / (1 - p))
        expect(
            mask is not None,
            "an output is not the sum of some weights times x, divided by 1-p",
            "输出不是若干 weight·x 之和再除以 1-p",
            got=y[0, 0],
            expected=sum_over(weight, p),
        )
        found.append(mask)
    return found[0] if calls == 1 else found


def test_from_scratch(solution):
    """No ready-made dropout is called, in training or in eval, whether or not its refusal is caught."""
    try:
        layer = solution.DropConnectLinear(4, 3, 0.3)
        layer(signed(5, 4))
        layer.eval()
        layer(signed(5, 4))
    except Exception as error:
        if isinstance(error, ForbiddenCall) or solution.forbidden:
            raise Mistake("ready_made", name=solution.forbidden[0]) from None
        raise Unseen from None  # any other exception is the next check's to tell
    if solution.forbidden:
        raise Mistake("ready_made", name=solution.forbidden[0])


def test_interface(solution):
    """A module, built by position and by name, that maps (B, in) to (B, out) and keeps the dtype; p = 0.5 by default.

    The default: 3600 coins at 1/2 are settled within 0.06 by Chernoff. In training something is dropped: that
    600 connections at 1/4 are all kept has probability below 1e-70. Under no_grad and with frozen parameters too.
    """
    helper = helper_of(solution)
    for layer in (
        solution.DropConnectLinear(5, 7, 0.3, True),
        solution.DropConnectLinear(in_features=5, out_features=7, p=0.3, bias=False),
        solution.DropConnectLinear(5, 7),
    ):
        is_module = helper.is_module(layer)
        solution.call = "DropConnectLinear(5, 7)"
        expect(
            is_module,
            "DropConnectLinear is not a torch.nn.Module",
            "DropConnectLinear 不是 torch.nn.Module",
        )
        expect_tensor(layer(signed(3, 5)), shape=(3, 7), dtype=torch.float32)
    weight, x = powers(10, 10), signs(6, 10)
    layer = layer_with(solution, weight, None, 0.25)
    plain = x @ weight.t()
    if close(layer(x), plain):
        expect_no_excuse(solution, layer, x, plain)
        expected = Words("a quarter of the weights dropped", "四分之一的权重被丢弃")
        raise Mistake("never_drops", got=Words("the plain product", "普通乘积"), expected=expected)
    with torch.no_grad():
        y = layer(x)
    if close(y, plain):
        got = Words("the plain product under torch.no_grad()", "torch.no_grad() 下得到普通乘积")
        raise Mistake("follows_grad_mode", got=got, expected=DROPS)
    helper.freeze(layer)
    y = layer(x.requires_grad_())
    x = x.detach()
    expect(
        y.requires_grad,
        "no gradient reaches x where the weight is frozen",
        "weight 冻结后 x 没有梯度",
        got="requires_grad=False",
        expected="True",
    )
    if close(y.detach(), plain):
        got = Words("the plain product of a frozen weight", "weight 冻结后得到普通乘积")
        raise Mistake("frozen_is_eval", got=got, expected=DROPS)
    layer = solution.DropConnectLinear(10, 20, bias=False)
    weight, x = powers(20, 10), signs(18, 10)
    layer.weight.set(weight)
    y = layer(x)
    for p in (0.1, 0.2, 0.3, 0.25, 0.4):
        mask = read(y, x, weight, 1 / (1 - p))
        if (
            mask is not None
            and statistics.rate_holds(int((~mask).sum()), mask.numel(), p)
            and read(y, x, weight, 2.0) is None
        ):
            got = Words(f"p = {p} by default", f"默认 p = {p}")
            raise Mistake("other_default", p=p, got=got, expected="p = 0.5")


def expect_no_excuse(solution, layer, x, plain):
    """What was not dropped from is not dropped from however it is asked: with a gradient, and with p by its name."""
    call = solution.call
    expect(
        close(layer(x.clone().requires_grad_()).detach(), plain),
        "nothing is dropped where x needs no gradient",
        "x 不需要梯度时什么都没有丢弃",
    )
    named = solution.DropConnectLinear(10, 10, p=0.25, bias=False)
    weight = named.weight.value().detach()
    expect(
        close(named(x).detach(), x @ weight.t()),
        "p is dropped with when it comes by name, not when it is the third argument",
        "p 按名字传入时会丢弃，作为第三个参数传入时不会",
    )
    solution.call = call


def close(got, want, tol=1e-5):
    return got.shape == want.shape and bool(((got - want).abs() <= tol * (1 + want.abs().max())).all())


def test_parameters(solution):
    """weight (out, in) and bias (out,), both trained, and nothing else; without bias only weight."""
    helper = helper_of(solution)
    found = helper.parameters(solution.DropConnectLinear(5, 7, 0.3))
    solution.call = "DropConnectLinear(5, 7, 0.3).named_parameters()"
    if found.get("weight") == [5, 7]:
        raise Mistake("weight_transposed", got="weight: (5, 7)", expected="weight: (7, 5)")
    for name, shape in (("weight", [7, 5]), ("bias", [7])):
        expect(
            name in found or f".{name}" not in "".join(found),
            f"there is no parameter of the name {name}",
            f"没有名为 {name} 的参数",
            got=f"{sorted(found)}",
            expected="['bias', 'weight']",
        )
        if name not in found:
            raise Mistake("not_a_parameter", name=name, got=f"{sorted(found)}", expected="['bias', 'weight']")
        expect(
            found[name] == shape,
            f"{name} has the wrong shape",
            f"{name} 的形状不对",
            got=f"{found[name]}",
            expected=f"{shape}",
        )
    extra = sorted(set(found) - {"weight", "bias"})
    if extra:
        raise Mistake("extra_parameter", name=extra[0], got=f"{sorted(found)}", expected="['bias', 'weight']")
    found = helper.parameters(solution.DropConnectLinear(5, 7, 0.3, False))
    solution.call = "DropConnectLinear(5, 7, 0.3, bias=False).named_parameters()"
    if "bias" in found:
        named = helper.parameters(solution.DropConnectLinear(in_features=5, out_features=7, p=0.3, bias=False))
        solution.call = "DropConnectLinear(5, 7, 0.3, False).named_parameters()"
        expect(
            "bias" in named,
            "bias=False is obeyed by name, not as the fourth argument",
            "bias=False 按名字传入有效，作为第四个参数传入无效",
        )
        raise Mistake("bias_anyway", got=f"{sorted(found)}", expected="['weight']")
    expect(
        found == {"weight": [7, 5]},
        "the parameters without bias are not just weight",
        "bias=False 时参数不只有 weight",
        got=f"{found}",
    )


def test_range_of_p(solution):
    """p in [0, 1] is accepted, its ends included; anything else is refused, NaN too, in training and in eval."""
    helper, modes = helper_of(solution), (True, False)
    inside = list(itertools.product((0.3, 0.0, 1.0), modes))
    outside = list(itertools.product((-0.1, 1.1, -3.0, 2.0, float("nan")), modes))
    refused = dict(zip([*inside, *outside], helper.all_refused([*inside, *outside]), strict=True))

    def show(p, training):
        solution.call = f"DropConnectLinear(4, 3, p={p:g}){'' if training else '.eval()'}(x)"

    for p, _ in inside:
        if refused[p, True] or refused[p, False]:
            show(p, refused[p, True])
            if p != 0.3:
                got = Words(f"p={p:g} rejected", f"p={p:g} 被拒绝")
                raise Mistake("ends_refused", refused=f"p={p:g}", got=got, expected="0 <= p <= 1")
            got, expected = Words("an error", "报错"), Words("accepted", "不报错")
            expect(False, f"p = {p} was rejected", f"p = {p} 被拒绝", got=got, expected=expected)
    through = {mode: [p for p, training in outside if training is mode and not refused[p, mode]] for mode in modes}
    accepted = {mode: [p for p in through[mode] if p == p] for mode in modes}
    nan = {mode: len(through[mode]) > len(accepted[mode]) for mode in modes}
    if accepted[True] and accepted[False] and nan[True]:
        show(accepted[True][0], True)
        raise Mistake("no_range_check", p=accepted[True][0])
    if (accepted[False] or nan[False]) and not accepted[True] and not nan[True]:
        p = accepted[False][0] if accepted[False] else float("nan")
        show(p, False)
        raise Mistake("checked_in_training_only", p=p)
    if nan[True] and not accepted[True] and not accepted[False]:
        show(float("nan"), True)
        raise Mistake("nan_accepted")
    for training in (True, False):
        wrong = [*accepted[training], *([float("nan")] if nan[training] else [])]
        if wrong:
            show(wrong[0], training)
        expect(
            not wrong,
            f"p = {wrong and wrong[0]} was accepted",
            f"p = {wrong and wrong[0]} 没有报错",
            got=Words("accepted", "没有报错"),
            expected="ValueError",
        )


def test_eval_linear(solution):
    """In eval, also as part of a model, it is the plain linear layer with its graph; back in training it drops again."""
    helper = helper_of(solution)
    for p, bias in ((0.3, True), (0.8, False), (1.0, True), (0.0, True)):
        weight, b, x = signed(9, 12), signed(9) if bias else None, signed(20, 12)
        layer = layer_with(solution, weight, b, p)
        layer(x.requires_grad_())
        layer.eval()
        y = expect_tensor(layer(x), shape=(20, 9))
        if not y.requires_grad:
            got = Words("requires_grad=False in eval", "eval 时 requires_grad=False")
            raise Mistake("detached_in_eval", got=got, expected="requires_grad=True")
        y, x = y.detach(), x.detach()
        product = x @ weight.t()
        plain = product + b if bias else product
        if p in (0.3, 0.8) and close(y, product * (1 - p) + (b if bias else 0)):
            got = Words(f"{1 - p:g} times the product", f"乘积的 {1 - p:g} 倍")
            raise Mistake("eval_scaled", p=p, ratio=1 - p, got=got, expected=Words("the product", "乘积本身"))
        if p in (0.3, 0.8) and not close(y, plain) and not close(layer(x).detach(), y):
            got = Words("two calls in eval differ", "eval 时两次调用不同")
            raise Mistake("drops_in_eval", p=p, got=got, expected=Words("weight and bias as they are", "不丢弃权重"))
        expect_equal(y, plain, atol=1e-5 * float(1 + plain.abs().max()))
    layer = layer_with(solution, weight, b, 0.5)
    y = helper.in_a_model(layer, x, False)
    solution.call = "Sequential(…, DropConnectLinear).eval()(x)"
    expect_equal(y, x @ weight.t() + b, atol=1e-4)
    y = helper.in_a_model(layer, x, True)
    solution.call = "Sequential(…, DropConnectLinear).train()(x)"
    expect(
        not close(y, x @ weight.t() + b),
        "back in training nothing is dropped",
        "回到训练模式后什么都没有丢弃",
    )


def test_p_zero(solution):
    """p = 0 is the plain layer in training, with its gradients."""
    weight, b, x, g = signed(9, 12), signed(9), signed(20, 12).requires_grad_(), signed(20, 9)
    layer = layer_with(solution, weight, b, 0.0)
    y = layer(x)
    expect_equal(y, (x @ weight.t() + b).detach(), atol=1e-4)
    (y * g).sum().backward()
    if x.grad is None or layer.weight.grad.value() is None:
        expect_gradients(solution, weight, 0)
        got = Words("no gradient of x or weight", "x 或 weight 没有梯度")
        raise Mistake("detached_at_zero", got=got, expected=Words("that of the plain layer", "普通线性层的梯度"))
    expect_equal(x.grad, g @ weight, atol=1e-4)
    expect_equal(layer.weight.grad.value(), (g.t() @ x).detach(), atol=1e-4)


def expect_gradients(solution, weight, p):
    """They are there at p = 0.3; otherwise it is not p at which they are missing."""
    call = solution.call
    x, layer = signed(20, weight.shape[1]).requires_grad_(), layer_with(solution, weight, None, 0.3)
    y = layer(x)
    there = y.requires_grad
    if there:
        y.sum().backward()
        there = x.grad is not None and layer.weight.grad.value() is not None
    expect(there, f"a gradient is missing at p = {p}, and at p = 0.3", f"p = {p} 时缺少梯度，p = 0.3 时也缺少")
    solution.call = call


def test_p_one(solution):
    """p = 1 leaves the bias, or zeros without one; the gradients of x and weight exist and are zero."""
    weight = signed(9, 12)
    grads = []
    for b in (signed(9), None):
        x = signed(20, 12).requires_grad_()
        layer = layer_with(solution, weight, b, 1.0)
        y = expect_tensor(layer(x), shape=(20, 9))
        if y.isnan().any():
            raise Mistake("nan_at_one", count=int(y.isnan().sum()), total=y.numel(), got="nan", expected=THE_BIAS)
        expect_equal(y, torch.zeros(20, 9) if b is None else b.expand(20, 9))
        if b is None and not y.requires_grad:
            got = Words("requires_grad=False without bias", "bias=False 时 requires_grad=False")
            raise Mistake("detached_at_one", name="x", got=got, expected="True")
        expect(y.requires_grad, "at p = 1 the output has no gradient", "p = 1 时输出没有梯度")
        y.sum().backward()
        grads += [("x", x.grad), ("weight", layer.weight.grad.value())]
    for name, grad in grads:
        if grad is None:
            expect_gradients(solution, weight, 1)
            got = Words(f"no gradient of {name}", f"{name} 没有梯度")
            raise Mistake("detached_at_one", name=name, got=got, expected=Words("zeros", "全零"))
        expect(
            not grad.isnan().any(),
            f"at p = 1 the gradient of {name} is NaN",
            f"p = 1 时 {name} 的梯度为 NaN",
            got="nan",
            expected="0",
        )
        expect(
            not grad.any(),
            f"at p = 1 the gradient of {name} is not zero",
            f"p = 1 时 {name} 的梯度不为零",
            got=float(grad.abs().max()),
            expected="0",
        )


def test_bias_kept(solution):
    """Where x is 0 the output is the bias, in training too."""
    for p in (0.3, 0.8):
        b = signed(40)
        layer = layer_with(solution, signed(40, 6), b, p)
        y = expect_tensor(layer(torch.zeros(30, 6)), shape=(30, 40))
        if close(y, (b / (1 - p)).expand(30, 40)):
            got = Words(f"{1 / (1 - p):.3g} times the bias", f"bias 的 {1 / (1 - p):.3g} 倍")
            raise Mistake("bias_scaled", p=p, ratio=1 / (1 - p), got=got, expected=THE_BIAS)
        zero = y == 0
        rest = (y - b).abs() < 1e-5
        if zero.any() and (zero | rest | ((y - b / (1 - p)).abs() < 1e-4)).all():
            share = float(zero.float().mean())
            got = Words(f"{share:.2f} of the outputs are 0", f"{share:.2f} 的输出为 0")
            raise Mistake("bias_dropped", p=p, share=share, got=got, expected=THE_BIAS)
        expect_equal(y, b.expand(30, 40), atol=1e-6)


def test_survivors(solution):
    """Each output is the sum of some weights times x, divided by 1-p: the digits of the sum must come out whole.

    Also after a second layer was made with another p.
    """
    seen, calls = {}, {}
    for p in (0.3, 0.8, 0.1):
        weight, x = powers(8, 10), signs(20, 10)
        y = expect_tensor(layer_with(solution, weight, None, p)(x), shape=(20, 8))
        calls[p] = solution.call
        if read(y, x, weight, 1 / (1 - p)) is None:
            seen[p] = (y, x, weight)
    if {0.3, 0.8} <= set(seen):
        found = {name: [read(*seen[p], scale(p)) for p in (0.3, 0.8)] for name, scale in
                 {"scale_missing": lambda p: 1.0, "p_is_keep": lambda p: 1 / p, "scaled_twice": lambda p: 1 / (1 - p) ** 2}.items()}  # fmt: skip
        for name, pair in found.items():
            if all(each is not None and not each.all() for each in pair):  # where nothing is dropped no scale shows
                share = float(pair[0].float().mean())
                if name == "p_is_keep" and not all(
                    statistics.rate_holds(int(each.sum()), each.numel(), p)
                    for each, p in zip(pair, (0.3, 0.8), strict=True)
                ):
                    name = "scale_one_over_p"
                solution.call = calls[0.3]
                raise Mistake(
                    name,
                    p=0.3,
                    kept=share,
                    ratio=1 / 0.3 if "one" in name else 1 / 0.49,
                    got=Words(f"{share:.0%} kept, and another scale", f"保留 {share:.0%}，缩放系数不对"),
                    expected=f"{1 / 0.7:.4g}",
                )
    for p, (y, _, weight) in seen.items():
        solution.call = calls[p]
        expect(
            False,
            f"at p = {p} an output is not the sum of some weights times x, divided by 1-p",
            f"p = {p} 时输出不是若干 weight·x 之和再除以 1-p",
            got=y[0, 0],
            expected=sum_over(weight, p),
        )
    weight, x = powers(8, 10), signs(20, 10)
    layer = layer_with(solution, weight, None, 0.3)
    layer_with(solution, weight, None, 0.8)
    y = layer(x)
    expect(
        read(y, x, weight, 1 / 0.7) is not None,
        "once a second layer is made, with p = 0.8, the first no longer has its p = 0.3",
        "再构造一个 p = 0.8 的层之后，先前那一层的 p 不再是 0.3",
        got=y[0, 0],
        expected=sum_over(weight, 0.3),
    )


def test_rate(solution):
    """The share of dropped connections is p. Chernoff's bound: a rate off by 0.08 is missed with probability below 1e-6."""
    counts, calls = {}, {}
    for p, b in ((0.35, 60), (0.12, 30), (0.8, 40)):
        mask = masks(solution, p, b, 16, 10)
        calls[p] = solution.call
        counts[p] = int((~mask).sum()), mask.numel()
    off = [p for p, (zeros, n) in counts.items() if not statistics.rate_holds(zeros, n, p)]
    if not off:
        return
    p = off[0]
    solution.call = calls[p]
    zeros, n = counts[p]
    said = rate_found(zeros, n, p)
    if all(statistics.rate_holds(n - zeros, n, p) for p, (zeros, n) in counts.items()):
        raise Mistake("keeps_with_p", p=p, share=zeros / n, **said)
    expect(
        False,
        f"the share of dropped weights is {zeros / n:.4f}, not {p}",
        f"被丢弃的权重比例是 {zeros / n:.4f}，而不是 {p}",
        **said,
    )


COLUMNS = [0, 64, 100, 128, 200, 256, 500, 512, 1000, 1024]  # their differences hold the usual sizes of a block


def wide(solution):
    """The masks (4, 11, 10) of ten of 1100 inputs: the others are zero, so the sum tells of these alone."""
    p = 0.45
    weight, x = signed(11, 1100), torch.zeros(4, 1100)
    weight[:, COLUMNS], x[:, COLUMNS] = powers(11, 10), signs(4, 10)
    y = expect_tensor(layer_with(solution, weight, None, p)(x), shape=(4, 11))
    mask = read(y, x[:, COLUMNS], weight[:, COLUMNS], 1 / (1 - p))
    expect(mask is not None, "wrong values for 1100 inputs", "1100 个输入时结果不对", got=y[0, 0])
    return mask


def test_own_coin(solution):
    """Every connection of every sample has its own coin: no axis of (B, out, in) shares a mask, and lags do not repeat one.

    48 x 40 x 10 coins: an axis all alike has probability below 2^-200. The lags compare disjoint pairs, which are
    independent: they differ at rate 2q(1-q). Blocks of 2 x 2 coins keep an odd number at rate (1 - (1-2q)⁴)/2, which
    coins made from one number a row and one a column, independent in pairs, do not: 4800 blocks miss 0.38 for 0.499
    with probability below 1e-9. Of 300 samples, or outputs,
    two with the same 60 coins have probability below 44850 · 0.52^60 < 1e-12. Of 1100 inputs ten are looked at, 64 to
    1024 apart: two with the same 44 coins have probability below 45 · 0.505^44 < 1e-11.
    """
    p = 0.4
    mask = masks(solution, p, 48, 40, 10)
    call = solution.call
    for axis, name in enumerate(("shared_over_batch", "drops_the_input", "drops_the_output")):
        if bool((mask == mask.narrow(axis, 0, 1)).all()):
            flat = mask.transpose(0, 1) if axis == 0 else mask
            raise Mistake(
                name,
                p=p,
                got=Words(
                    f"the mask is the same along axis {axis} of (B, out, in)",
                    f"掩码沿 (B, out, in) 的第 {axis} 维都相同",
                ),
                expected=Words("a coin for each connection and sample", "每个样本的每个连接各抽一个数"),
                picture=Mask.of(flat[0] if axis else flat.reshape(40, -1), p),
            )
    if bool((mask[1:, :-1] == mask[:-1, 1:]).all()) or bool((mask[1:, 1:] == mask[:-1, :-1]).all()):
        raise Mistake("rows_slide")
    for axes in ((0,), (1,), (2,), (0, 1), (0, 2), (1, 2)):
        sums = mask.sum(axes).flatten().tolist()
        bad = statistics.each_rate_holds(sums, mask.numel() // len(sums), 1 - p)
        expect(
            bad is None,
            f"the drops cluster along axes {axes} of (B, out, in)",
            f"丢弃沿 (B, out, in) 的 {axes} 维聚集",
            picture=lambda: Mask.of(mask[0], p),
        )
    rectangles = {"(out, in)": mask, "(B, in)": mask.transpose(0, 1), "(B, out)": mask.permute(2, 0, 1)}
    rate = (1 - (1 - 2 * p) ** 4) / 2
    for name, plane in rectangles.items():
        odd = plane[:, ::2, ::2] ^ plane[:, 1::2, ::2] ^ plane[:, ::2, 1::2] ^ plane[:, 1::2, 1::2]
        share = float(odd.float().mean())
        if not statistics.rate_holds(int(odd.sum()), odd.numel(), rate):
            raise Mistake(
                "coins_recycled",
                p=p,
                share=share,
                want=rate,
                got=Words(
                    f"{share:.3f} of the 2 x 2 blocks of {name} are odd", f"{name} 的 2 x 2 小块中 {share:.3f} 为奇数"
                ),
                expected=f"{rate:.3f}",
            )
    pair = alike(masks(solution, p, 300, 6, 10).flatten(1))
    if pair:
        first, second, mixed = pair
        got = Words(f"samples {first} and {second} have one mask", f"第 {first} 与第 {second} 个样本同一个掩码")
        said = {"got": got, "expected": Words("a mask each", "各有各的掩码")}
        if mixed:
            raise Mistake("samples_share_masks", first=first, second=second, **said)
        expect(False, "two samples of a batch of 300 have the same mask", "300 个样本中有两个样本的掩码相同", **said)
    pair = alike(masks(solution, p, 6, 300, 10).transpose(0, 1).flatten(1))
    if pair and pair[2]:
        first, second, _ = pair
        got = Words(f"rows {first} and {second} of the weight are dropped alike",
                    f"weight 的第 {first} 行与第 {second} 行丢弃得一样")  # fmt: skip
        raise Mistake("mask_tiled", axis="out", n=300, first=first, second=second, got=got, expected=OWN_COIN)
    expect(not pair, "two of 300 outputs have the same mask", "300 个输出中有两个的掩码相同", got=f"{pair}")
    pair = alike(wide(solution).transpose(0, 2).flatten(1))
    if pair and pair[2]:
        first, second = COLUMNS[pair[0]], COLUMNS[pair[1]]
        got = Words(f"columns {first} and {second} of the weight are dropped alike",
                    f"weight 的第 {first} 列与第 {second} 列丢弃得一样")  # fmt: skip
        raise Mistake("mask_tiled", axis="in", n=1100, first=first, second=second, got=got, expected=OWN_COIN)
    expect(not pair, "two of 1100 inputs have the same mask", "1100 个输入中有两个的掩码相同", got=f"{pair}")
    solution.call = call
    n, flat = mask.numel(), mask.flatten()
    expect_lags(flat, p, (1, 7, 9, 10, 11, 390, 399, 400, 401, 410, n // 2), en="connections", zh="连接")


def test_extreme_p(solution):
    """The share of dropped connections is p where it is close to 0 or to 1, too.

    At p = 0.001 none of 42,000 connections is dropped with probability below 1e-18; 1/256, p rounded up to a byte, is
    missed with probability below 1e-8 (exact binomial tail). At 0.998 none of 14,000 is kept with probability below 1e-12.
    These bounds are for coins of their own: where samples share a mask, which `own_coin` tells, too few were tossed to ask.
    """
    seen = masks(solution, 0.4, 12, 6, 10)
    if bool((seen == seen[:1]).all()):
        raise Unseen
    for p, b, out in ((0.001, 120, 35), (0.998, 70, 20)):
        mask = masks(solution, p, b, out, 10)
        zeros, n = int((~mask).sum()), mask.numel()
        if statistics.rate_holds(zeros, n, p):
            continue
        said = rate_found(zeros, n, p)
        if p < 0.5 and zeros == 0:
            raise Mistake("tiny_p_ignored", p=p, n=n, **said)
        if p > 0.5 and zeros == n:
            raise Mistake("near_one_is_one", p=p, n=n, **said)
        if p < 0.5 and any(statistics.rate_holds(zeros, n, step) for step in (1 / 256, 0.01)):
            raise Mistake("rounds_p", p=p, share=zeros / n, **said)
        expect(
            False,
            f"the share of dropped weights is {zeros / n:.4f}, not {p}",
            f"被丢弃的权重比例是 {zeros / n:.4f}，而不是 {p}",
            **said,
        )


def test_data_blind(solution):
    """Whether a weight is dropped depends neither on its size nor on its sign nor on that of x.

    The weights of a row are 1 to 512: each column, that is each size, has 900 coins, and the smaller half 4500.
    The same group must stray the same way twice.
    """
    p = 0.3
    strays = []
    for _ in range(2):
        weight, x = powers(15, 10), signs(60, 10)
        y = layer_with(solution, weight, None, p)(x)
        mask = read(y, x, weight, 1 / (1 - p))
        expect(
            mask is not None,
            "an output is not the sum of some weights times x, divided by 1-p",
            "输出不是若干 weight·x 之和再除以 1-p",
            got=y[0, 0],
        )
        groups = {f"size {2**j}": mask[:, :, j] for j in range(10)}
        groups |= {"small weights": mask[:, :, :5], "large weights": mask[:, :, 5:]}
        groups |= {"positive": mask[(weight > 0).expand(60, 15, 10)], "negative": mask[(weight < 0).expand(60, 15, 10)]}
        groups |= {"positive product": mask[x[:, None] * weight > 0], "negative product": mask[x[:, None] * weight < 0]}
        fair = statistics.rate_holds(int((~mask).sum()), mask.numel(), p)
        strays.append({name: float((~each).float().mean()) for name, each in groups.items()
                       if fair and not statistics.rate_holds(int((~each).sum()), each.numel(), p)})  # fmt: skip
    for name, share in strays[0].items():
        if (share - p) * (strays[1].get(name, p) - p) > 0:
            got = Words(f"{share:.3f} of these dropped", f"{in_chinese(name)}丢弃了 {share:.3f}")
            group = Words(name, in_chinese(name).removesuffix("权重"))
            raise Mistake("looks_at_the_data", group=group, p=p, share=share, got=got, expected=f"{p}")
    expect(
        not strays[0],
        "some weights are dropped more often than others",
        "有些权重被丢弃得更频繁",
        got=Words(str(strays[0])[:100], str({in_chinese(name): share for name, share in strays[0].items()})[:100]),
    )


def in_chinese(group):
    known = {
        "small weights": "绝对值较小的权重",
        "large weights": "绝对值较大的权重",
        "positive": "大于零的权重",
        "negative": "小于零的权重",
        "positive product": "weight·x 大于零的权重",
        "negative product": "weight·x 小于零的权重",
    }
    return known.get(group) or f"绝对值为 {group.removeprefix('size ')} 的权重"


def test_fresh_mask(solution):
    """Each call draws anew: of each pair of three calls the masks differ at rate 2q(1-q), and of 200 small calls no two
    are alike, see `expect_new_masks`.
    """
    p = 0.3
    found = masks(solution, p, 20, 8, 10, calls=3)
    if any(torch.equal(a, b) for a, b in itertools.combinations(found, 2)):
        call, layer = solution.call, solution.DropConnectLinear(4, 3, p)
        with solution.seeded(11):
            layer(signed(5, 4))
            reseeded = solution.reseeded
        solution.call = call
        got = Words("two calls, one mask", "两次调用，同样的掩码")
        raise Mistake("reseeds" if reseeded else "same_mask_again", got=got)
    for a, b in itertools.combinations(found, 2):
        differ, n = int((a != b).sum()), a.numel()
        expect(
            statistics.rate_holds(differ, n, 2 * p * (1 - p)),
            "two calls are not independent",
            "两次调用不独立",
            got=Words(f"{differ / n:.3f} differ", f"{differ / n:.3f} 不同"),
            expected=f"{2 * p * (1 - p):.3f}",
        )
    expect_new_masks(small(solution, 0.5, 6, 10, 200).flatten(1))


def small(solution, p, out, n, times):
    """The masks (times, out, in) of one sample in so many calls of one layer."""
    weight, x = powers(out, n), signs(1, n)
    layer = layer_with(solution, weight, None, p)
    shown = f"{layer._shown}(x) × {times}    x: (1, {n}) float32"
    try:
        y = helper_of(solution).outputs(layer, x, times)
    finally:
        solution.call = shown
    y = expect_tensor(y, shape=(times, 1, out))[:, 0]
    mask = read(y, x.expand(times, n), weight, 1 / (1 - p))
    expect(mask is not None, "an output is not the sum of some weights times x, divided by 1-p",
           "输出不是若干 weight·x 之和再除以 1-p", got=y[0, 0], expected=sum_over(weight, p))  # fmt: skip
    return mask


def test_count_varies(solution):
    """The number of dropped weights is binomial, not fixed: in a row, in a sample, in a call. Of two weights at p = 0.6
    both are dropped in 22 of 60 calls, never with probability 0.64^60 < 3e-12.

    60 samples of 80 weights all alike have probability below 1e-60; of 480 rows of 10 weights a share of 0.246 keeps five.
    """
    mask = masks(solution, 0.5, 60, 8, 10)
    for counts, n, what, zh in ((mask.sum((1, 2)), 80, "sample", "样本"), (mask.sum(2).flatten(), 10, "row", "行")):
        if len(set(counts.tolist())) == 1:
            kept = int(counts[0])
            got = Words(f"{kept} of {n} in each {what}", f"每个{zh}的 {n} 个中保留 {kept} 个")
            raise Mistake("exact_count", kept=kept, n=n, what=Words(what, zh), got=got)
    fives = int((mask.sum(2) == 5).sum())
    rate = statistics.pmf(5, 10, 0.5)
    expect(
        statistics.rate_holds(fives, 480, rate),
        "the counts vary more or less than those of independent coins",
        "保留个数的波动与独立抽样不符",
        got=Words(f"{fives / 480:.3f} rows keep 5", f"{fives / 480:.3f} 的行保留 5 个"),
        expected=f"{rate:.3f}",
    )
    calls = statistics.calls_never_alike(480, 0.5)
    totals = [int(each.sum()) for each in masks(solution, 0.5, 6, 8, 10, calls=calls)]
    expect(
        len(set(totals)) > 1,
        f"each call keeps exactly {totals[0]} of 480",
        f"每次调用都恰好保留 480 个中的 {totals[0]} 个",
    )
    two = small(solution, 0.6, 1, 2, 60).flatten(1)
    got = Words("both dropped in 0 of 60 calls", "60 次调用中没有一次同时丢弃")
    expect(
        not two.any(1).all(), "one of two weights is always kept", "两个权重中总有一个保留", got=got, expected="≈ 22"
    )


def test_generator(solution):
    """The coins come from torch's global generator: its seed decides them, nothing else does, and it is not reseeded."""
    weight, x = powers(12, 10), signs(10, 10)
    layer = layer_with(solution, weight, None, 0.4)
    with solution.seeded(7, other=1):
        first = layer(x)
        reseeded, drew = solution.reseeded, solution.drew
        drawn = drew
    if reseeded:
        raise Mistake(
            "reseeds", got=Words("the generator has left the stream of its seed", "生成器离开了原种子的随机序列")
        )
    with solution.seeded(7, other=2):
        second = layer(x)
        drawn |= solution.drew
    with solution.seeded(8, other=1):
        third = layer(x)
        drawn |= solution.drew
    expect(not close(first, x @ weight.t()), "nothing is dropped", "什么都没有丢弃")
    if not torch.equal(first, second) or torch.equal(first, third):
        if not drawn:
            raise Mistake("other_generator")
        got = Words("another mask at the same seed", "同一个种子，掩码不同")
        expect(False, "the seed does not decide the mask alone", "掩码不只由种子决定", got=got)
    expect(
        drew,
        "the generator stands where it stood before the call, so the next call draws the same",
        "调用之后生成器仍停在调用前的位置，下一次调用会抽到同样的随机数",
    )


def test_gradient(solution):
    """With the mask read from the output: dW = Σ over samples of g·m·x/(1-p), dx = Σ over outputs of g·m·W/(1-p), db = Σ g.

    Also where a second call comes between a call and its backward.
    """
    for p in (0.3, 0.8):
        weight, x, g = powers(7, 10), signs(12, 10).requires_grad_(), signed(12, 7)
        layer = layer_with(solution, weight, torch.zeros(7), p)
        y = layer(x)
        if not y.requires_grad:
            raise Mistake("no_weight_gradient", name="x", got="requires_grad=False", expected="requires_grad=True")
        mask = read(y.detach(), x.detach(), weight, 1 / (1 - p))
        expect(
            mask is not None,
            "an output is not the sum of some weights times x, divided by 1-p",
            "输出不是若干 weight·x 之和再除以 1-p",
            got=y.detach()[0, 0],
        )
        (y * g).sum().backward()
        dw, db, flat = layer.weight.grad.value(), layer.bias.grad.value(), x.detach()
        for name, grad in (("weight", dw), ("bias", db), ("x", x.grad)):
            if grad is None:
                got = Words(f"no gradient of {name}", f"{name} 没有梯度")
                raise Mistake("no_weight_gradient", name=name, got=got, expected=Words("a gradient", "有梯度"))
        live = mask / (1 - p)
        want = torch.einsum("bo,boi,bi->oi", g, live, flat)
        if not close(dw, want) and close(dw, g.t() @ flat):
            got = Words("the gradient of the plain layer", "普通线性层的梯度")
            raise Mistake("straight_through", p=p, got=got, expected=Words("the mask's", "加了掩码的层的梯度"))
        if not close(dw, want) and close(dw, torch.einsum("bo,boi,bi->oi", g, mask.float(), flat)):
            raise Mistake("gradient_unscaled", p=p, got="Σ g·m·x", expected="Σ g·m·x/(1-p)")
        expect_equal(dw, want, atol=1e-4)
        expect_equal(x.grad, torch.einsum("bo,boi,oi->bi", g, live, weight), atol=0.05)  # sums of up to 512/(1-p)
        expect_equal(db, g.sum(0), atol=1e-4)
        expect(
            not (mask == mask[:1]).all() and not (mask == mask[:, :1]).all(),
            "where x needs a gradient samples or outputs share a mask",
            "x 需要梯度时，样本或输出共用了掩码",
        )
    layer = layer_with(solution, weight, None, p)
    first, second = layer(flat), layer(flat)
    (first * g).sum().backward()
    found = [torch.einsum("bo,boi,bi->oi", g, m / (1 - p), flat) for m in
             (read(y.detach(), flat, weight, 1 / (1 - p)) for y in (first, second)) if m is not None]  # fmt: skip
    dw = layer.weight.grad.value()
    expect(dw is not None and len(found) == 2, "two calls, then backward: no gradient", "两次调用后反向传播没有梯度")
    if not close(dw, found[0]) and close(dw, found[1]):
        raise Mistake("mask_of_last_call")
    expect_equal(dw, found[0], atol=1e-4)


def test_dtypes(solution):
    """A layer in float16, bfloat16, float32 or float64 answers in that dtype, with the right values, in training and in eval.

    One-hot inputs show the weights one by one: each is 0 or weight/(1-p).
    """
    helper = helper_of(solution)
    p = 0.3
    came, calls = {}, {}
    for dtype, tol in HALF.items():
        name = str(dtype).removeprefix("torch.")
        weight = signed(20, 12)
        layer = layer_with(solution, weight, torch.zeros(20), p)
        x = torch.eye(12).repeat(4, 1).to(dtype)
        try:
            y, quiet = helper.in_dtype(layer, x)
        finally:
            solution.call = f"{layer._shown}(x)    x: (48, 12) {name}"
        expect_tensor(y, shape=(48, 20))
        came[dtype], calls[dtype] = y.dtype, solution.call
        if y.dtype is not dtype:
            continue
        want = weight.to(dtype).double().t().repeat(4, 1)
        alive = y != 0
        expect_equal(torch.where(alive, y.double(), 0), torch.where(alive, want / (1 - p), 0), rtol=tol)
        expect(
            statistics.rate_holds(int((~alive).sum()), 960, p),
            "the drop rate is off in this dtype",
            "该 dtype 下的丢弃率不对",
            got=f"{float((~alive).float().mean()):.3f}",
            expected=f"{p}",
        )
        rows = alive.view(4, 12, 20)  # the same four inputs over: 240 coins alike with probability below 1e-56
        expect(bool((rows != rows[0]).any()), "samples share a mask in this dtype", "该 dtype 下各样本共用掩码")
        solution.call = f"{layer._shown}.eval()(x)    x: (48, 12) {name}"
        expect_equal(expect_tensor(quiet, dtype=dtype).double(), want, rtol=tol)
    if came == {each: each if each is torch.float64 else torch.float32 for each in HALF}:
        solution.call = calls[torch.bfloat16]
        raise Mistake("float_mask", came="float32", went="bfloat16", got="float32", expected="bfloat16")
    off = {went: back for went, back in came.items() if went is not back}
    if off:
        solution.call = calls[next(iter(off))]
    got = Words(
        ", ".join(f"{name_of(went)} gave {name_of(back)}" for went, back in off.items()),
        "，".join(f"{name_of(went)} 得到 {name_of(back)}" for went, back in off.items()),
    )
    expected = Words("the dtype of x", "x 的 dtype")
    expect(not off, "the dtype is not right", "dtype 不对", got=got, expected=expected)


def test_shapes(solution):
    """One sample, one input, one output, and inputs that are not contiguous."""
    p = 0.4
    for b, out, n in ((1, 40, 10), (40, 1, 10), (300, 1, 1), (1, 1, 10), (40, 12, 1)):
        mask = masks(solution, p, b, out, n)
        expect(
            statistics.rate_holds(int((~mask).sum()), mask.numel(), p),
            f"the drop rate is off for B = {b}, out = {out}, in = {n}",
            f"B = {b}、out = {out}、in = {n} 时丢弃率不对",
            got=f"{float((~mask).float().mean()):.3f}",
            expected=f"{p}",
        )
    weight = powers(8, 10)
    layer = layer_with(solution, weight, None, p)
    for (name, zh), x in {
        ("a transpose", "转置"): signs(10, 20).t(),
        ("a slice", "切片"): signs(40, 30)[::2, 5:25:2],
        ("an expanded sample", "expand 得到的样本"): signs(1, 10).expand(20, 10),
    }.items():
        try:
            y = layer(x)
        except RuntimeError as error:
            if "view size is not compatible" in str(error):
                raise Mistake("flattens_with_view", got="RuntimeError") from None
            raise
        mask = read(y, x, weight, 1 / (1 - p))
        expect(mask is not None, f"wrong values for {name}", "非连续输入的结果不对", got=Words(name, zh))
        expect(
            statistics.rate_holds(int((~mask).sum()), mask.numel(), p),
            f"the drop rate is off for {name}",
            "非连续输入的丢弃率不对",
            got=Words(name, zh),
        )
        expect(
            not (mask == mask[:1]).all(),
            f"the samples of {name} share a mask",
            "非连续输入的样本共用了掩码",
            got=Words(name, zh),
        )


def test_untouched(solution):
    """x, weight and bias hold the same bits after calls in training and in eval."""
    weight, b = signed(9, 12), signed(9)
    layer = layer_with(solution, weight, b, 0.5)
    for training in (True, False):
        layer.train(training)
        layer(signed(8, 12))
        if solution.changed:
            mode = Words("training", "训练模式") if training else "eval"
            raise Mistake("changes_the_input", mode=mode)
        for name, want in (("weight", weight), ("bias", b)):
            got = getattr(layer, name).value()
            if not torch.equal(got.detach(), want):
                lost = int((got == 0).sum())
                found = Words(f"{lost} zeros in {name}", f"{name} 中有 {lost} 个零")
                raise Mistake("writes_the_weight", name=name, lost=lost, got=found, expected=Words("none", "没有"))


def test_device(solution):
    """The mask is made where x and weight live: seen with tensors that pose as living on another device."""
    helper = helper_of(solution)
    for training in (True, False):
        layer = solution.DropConnectLinear(6, 5, 0.4)
        if "weight" not in helper.parameters(layer):
            raise Unseen  # a plain tensor does not move with the layer: told by `parameters`
        layer.train(training)
        lives = solution.device_of(layer, signed(8, 6))
        solution.call = f"DropConnectLinear(6, 5, 0.4){'' if training else '.eval()'}(x)"
        match lives:
            case "mixed":
                got = Words(
                    "a CPU mask met x or weight on another device", "CPU 上的掩码遇到了另一个 device 上的 x 或 weight"
                )
                raise Mistake("mask_on_cpu", got=got)
            case "here":
                raise Mistake("mask_on_cpu", got=Words("the result stayed on the CPU", "结果留在了 CPU 上"))
