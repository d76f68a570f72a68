"""Checks for `DropConnectLinear(in_features, out_features, p=0.5, bias=True)`.

The mask is read from the output. With weights ±2^j and inputs ±1 a sum of kept terms tells which were kept, exactly:
its binary digits are the mask, and float32 holds ten of them with room to spare. Each statistical test spends at most
ALPHA = 1e-11 of false alarm and the suite has fewer than a hundred of them: a right answer is turned away with
probability below 1e-9 a run. About 220,000 coins are tossed in all, so that a plain loop over samples, outputs and
inputs is judged within its ten seconds. p is rarely one half, where keep and drop, 1/p and 1/(1-p), coincide.
"""

import itertools

import torch

from interview.grading import statistics
from interview.grading.coins import expect_lags, rate_found
from interview.grading.faults import ForbiddenCall
from interview.grading.suite import Mask, Mistake, expect, expect_equal, expect_tensor, name_of

HALF = {torch.float16: 1e-2, torch.bfloat16: 4e-2, torch.float32: 1e-5, torch.float64: 1e-5}
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


def to(layer, name):
    return layer.to(getattr(torch, name))


def where(layer, x):
    from interview.grading.elsewhere import Elsewhere, Mixed, Pose, pose

    for inner in layer.modules():
        for store in (inner._parameters, inner._buffers):
            for name, each in store.items():
                if each is not None:
                    store[name] = pose(each.detach())
    with Pose():
        try:
            y = layer(pose(x))
        except Mixed:
            return "mixed"
        except Exception:
            return "unknown"
    return "elsewhere" if isinstance(y, Elsewhere) else "here"
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
    layer._shown = "DropConnectLinear"
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


def masks(solution, p, b, out, n, calls=1):
    """The masks of some calls of one layer in training, or Wrong where the output is no sum of kept weights."""
    weight = powers(out, n)
    layer = layer_with(solution, weight, None, p)
    found = []
    for _ in range(calls):
        x = signs(b, n)
        y = expect_tensor(layer(x), shape=(b, out))
        mask = read(y, x, weight, 1 / (1 - p))
        expect(
            mask is not None,
            "an output is not the sum of some weights times x, divided by 1-p",
            "输出不是若干 weight·x 之和再除以 1-p",
            got=y[0, 0],
            expected=f"a sum of some of {weight[0].tolist()}, over {1 - p:g}",
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
        return  # any other exception is the next check's to tell
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
        expect(
            helper.is_module(layer),
            "DropConnectLinear is not a torch.nn.Module",
            "DropConnectLinear 不是 torch.nn.Module",
        )
        expect_tensor(layer(signed(3, 5)), shape=(3, 7), dtype=torch.float32)
    weight, x = powers(10, 10), signs(6, 10)
    layer = layer_with(solution, weight, None, 0.25)
    plain = x @ weight.t()
    if close(layer(x), plain):
        raise Mistake(
            "never_drops", got="a new layer gives the plain product", expected="a quarter of the weights dropped"
        )
    with torch.no_grad():
        y = layer(x)
    if close(y, plain):
        raise Mistake(
            "follows_grad_mode", got="the plain product under torch.no_grad()", expected="drops, in training mode"
        )
    helper.freeze(layer)
    if close(layer(x), plain):
        raise Mistake("frozen_is_eval", got="the plain product of a frozen weight", expected="drops, in training mode")
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
            raise Mistake("other_default", p=p, got=f"p = {p} by default", expected="p = 0.5")


def close(got, want, tol=1e-5):
    return got.shape == want.shape and bool(((got - want).abs() <= tol * (1 + want.abs().max())).all())


def test_parameters(solution):
    """weight (out, in) and bias (out,), both trained, and nothing else; without bias only weight."""
    helper = helper_of(solution)
    found = helper.parameters(solution.DropConnectLinear(5, 7, 0.3))
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
    if "bias" in found:
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
    solution.call = "DropConnectLinear(4, 3, p)(x)"
    for p, _ in inside:
        if refused[p, True] or refused[p, False]:
            if p != 0.3:
                raise Mistake("ends_refused", refused=f"p={p:g}", got=f"p={p:g} refused", expected="0 <= p <= 1")
            expect(False, f"p = {p} was refused", f"p = {p} 被拒绝", got="an error", expected="accepted")
    through = {mode: [p for p, training in outside if training is mode and not refused[p, mode]] for mode in modes}
    accepted = {mode: [p for p in through[mode] if p == p] for mode in modes}
    nan = {mode: len(through[mode]) > len(accepted[mode]) for mode in modes}
    if accepted[True] and accepted[False] and nan[True]:
        raise Mistake("no_range_check", p=accepted[True][0])
    if (accepted[False] or nan[False]) and not accepted[True] and not nan[True]:
        raise Mistake("checked_in_training_only", p=accepted[False][0] if accepted[False] else float("nan"))
    if nan[True] and not accepted[True] and not accepted[False]:
        raise Mistake("nan_accepted")
    for training in (True, False):
        wrong = [*accepted[training], *([float("nan")] if nan[training] else [])]
        expect(
            not wrong,
            f"p = {wrong and wrong[0]} was accepted",
            f"p = {wrong and wrong[0]} 没有报错",
            got="accepted",
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
            raise Mistake("detached_in_eval", got="requires_grad=False in eval", expected="requires_grad=True")
        y, x = y.detach(), x.detach()
        product = x @ weight.t()
        plain = product + b if bias else product
        if p in (0.3, 0.8) and close(y, product * (1 - p) + (b if bias else 0)):
            raise Mistake("eval_scaled", p=p, ratio=1 - p, got=f"{1 - p:g} times the product", expected="the product")
        if p in (0.3, 0.8) and not close(y, plain) and not close(layer(x).detach(), y):
            raise Mistake("drops_in_eval", p=p, got="two calls in eval differ", expected="weight and bias as they are")
        expect_equal(y, plain, atol=1e-5 * float(1 + plain.abs().max()))
    layer = layer_with(solution, weight, b, 0.5)
    expect_equal(helper.in_a_model(layer, x, False), x @ weight.t() + b, atol=1e-4)
    expect(
        not close(helper.in_a_model(layer, x, True), x @ weight.t() + b),
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
        raise Mistake("detached_at_zero", got="no gradient of x or weight", expected="that of the plain layer")
    expect_equal(x.grad, g @ weight, atol=1e-4)
    expect_equal(layer.weight.grad.value(), (g.t() @ x).detach(), atol=1e-4)


def test_p_one(solution):
    """p = 1 leaves the bias, or zeros without one; the gradients of x and weight exist and are zero."""
    weight = signed(9, 12)
    grads = []
    for b in (signed(9), None):
        x = signed(20, 12).requires_grad_()
        layer = layer_with(solution, weight, b, 1.0)
        y = expect_tensor(layer(x), shape=(20, 9))
        if y.isnan().any():
            raise Mistake("nan_at_one", count=int(y.isnan().sum()), total=y.numel(), got="nan", expected="the bias")
        expect_equal(y, torch.zeros(20, 9) if b is None else b.expand(20, 9))
        if b is None and not y.requires_grad:
            raise Mistake("detached_at_one", name="x", got="requires_grad=False without bias", expected="True")
        expect(y.requires_grad, "at p = 1 the output has no gradient", "p = 1 时输出没有梯度")
        y.sum().backward()
        grads += [("x", x.grad), ("weight", layer.weight.grad.value())]
    for name, grad in grads:
        if grad is None:
            raise Mistake("detached_at_one", name=name, got=f"no gradient of {name}", expected="zeros")
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
            raise Mistake(
                "bias_scaled", p=p, ratio=1 / (1 - p), got=f"{1 / (1 - p):.3g} times the bias", expected="the bias"
            )
        zero = y == 0
        rest = (y - b).abs() < 1e-5
        if zero.any() and (zero | rest | ((y - b / (1 - p)).abs() < 1e-4)).all():
            raise Mistake(
                "bias_dropped",
                p=p,
                share=float(zero.float().mean()),
                got=f"{float(zero.float().mean()):.2f} of the outputs are 0",
                expected="the bias",
            )
        expect_equal(y, b.expand(30, 40), atol=1e-6)


def test_survivors(solution):
    """Each output is the sum of some weights times x, divided by 1-p: the digits of the sum must come out whole."""
    seen = {}
    for p in (0.3, 0.8, 0.1):
        weight, x = powers(8, 10), signs(20, 10)
        y = expect_tensor(layer_with(solution, weight, None, p)(x), shape=(20, 8))
        if read(y, x, weight, 1 / (1 - p)) is None:
            seen[p] = (y, x, weight)
    if {0.3, 0.8} <= set(seen):
        found = {name: [read(*seen[p], scale(p)) for p in (0.3, 0.8)] for name, scale in
                 {"scale_missing": lambda p: 1.0, "p_is_keep": lambda p: 1 / p, "scaled_twice": lambda p: 1 / (1 - p) ** 2}.items()}  # fmt: skip
        for name, pair in found.items():
            if all(each is not None for each in pair):
                share = float(pair[0].float().mean())
                if name == "p_is_keep" and not all(
                    statistics.rate_holds(int(each.sum()), each.numel(), p)
                    for each, p in zip(pair, (0.3, 0.8), strict=True)
                ):
                    name = "scale_one_over_p"
                raise Mistake(
                    name,
                    p=0.3,
                    kept=share,
                    ratio=1 / 0.3 if "one" in name else 1 / 0.49,
                    got=f"a share of {share:.2f} kept, and another scale",
                    expected=f"{1 / 0.7:.4g}",
                )
    for p, (y, _, weight) in seen.items():
        expect(
            False,
            f"at p = {p} an output is not the sum of some weights times x, divided by 1-p",
            f"p = {p} 时输出不是若干 weight·x 之和再除以 1-p",
            got=y[0, 0],
            expected=f"a sum of some of {weight[0].tolist()}, over {1 - p:g}",
        )


def test_rate(solution):
    """The share of dropped connections is p. Chernoff's bound: a rate off by 0.08 is missed with probability below 1e-6."""
    counts = {}
    for p, b in ((0.35, 60), (0.12, 30), (0.8, 40)):
        mask = masks(solution, p, b, 16, 10)
        counts[p] = int((~mask).sum()), mask.numel()
    off = [p for p, (zeros, n) in counts.items() if not statistics.rate_holds(zeros, n, p)]
    if not off:
        return
    p = off[0]
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

    24 x 20 x 10 coins: an axis all alike has probability below 2^-200. The lags compare disjoint pairs, which are
    independent: they differ at rate 2q(1-q). Blocks of 2 x 2 coins keep an odd number at rate (1 - (1-2q)⁴)/2, which
    coins made from one number a row and one a column, independent in pairs, do not. Of 300 samples, or outputs,
    two with the same 60 coins have probability below 44850 · 0.52^60 < 1e-12. Of 1100 inputs ten are looked at, 64 to
    1024 apart: two with the same 44 coins have probability below 45 · 0.505^44 < 1e-11.
    """
    p = 0.4
    mask = masks(solution, p, 24, 20, 10)
    for axis, name in enumerate(("shared_over_batch", "drops_the_input", "drops_the_output")):
        if bool((mask == mask.narrow(axis, 0, 1)).all()):
            flat = mask.transpose(0, 1) if axis == 0 else mask
            raise Mistake(
                name,
                p=p,
                got=f"the mask is the same along axis {axis} of (B, out, in)",
                expected="a coin for each connection and sample",
                picture=Mask.of(flat[0] if axis else flat.reshape(20, -1), p),
            )
    if bool((mask[1:, :-1] == mask[:-1, 1:]).all()) or bool((mask[1:, 1:] == mask[:-1, :-1]).all()):
        raise Mistake(
            "rows_slide", got="each sample has the masks of the one before, moved by one output", expected="its own"
        )
    pair = alike(masks(solution, p, 300, 6, 10).flatten(1))
    if pair:
        first, second, mixed = pair
        said = {"got": f"samples {first} and {second} have one mask", "expected": "a mask each"}
        if mixed:
            raise Mistake("samples_share_masks", first=first, second=second, **said)
        expect(False, "two samples of a batch of 300 have the same mask", "300 个样本中有两个样本的掩码相同", **said)
    pair = alike(masks(solution, p, 6, 300, 10).transpose(0, 1).flatten(1))
    if pair and pair[2]:
        raise Mistake("mask_tiled", axis="out", n=300, first=pair[0], second=pair[1],
                      got=f"rows {pair[0]} and {pair[1]} of the weight are dropped alike", expected="a coin each")  # fmt: skip
    expect(not pair, "two of 300 outputs have the same mask", "300 个输出中有两个的掩码相同", got=f"{pair}")
    pair = alike(wide(solution).transpose(0, 2).flatten(1))
    if pair and pair[2]:
        first, second = COLUMNS[pair[0]], COLUMNS[pair[1]]
        raise Mistake("mask_tiled", axis="in", n=1100, first=first, second=second,
                      got=f"columns {first} and {second} of the weight are dropped alike", expected="a coin each")  # fmt: skip
    expect(not pair, "two of 1100 inputs have the same mask", "1100 个输入中有两个的掩码相同", got=f"{pair}")
    n, flat = mask.numel(), mask.flatten()
    for axes in ((0,), (1,), (2,), (0, 1), (0, 2), (1, 2)):
        sums = mask.sum(axes).flatten().tolist()
        bad = statistics.each_rate_holds(sums, n // len(sums), 1 - p)
        expect(
            bad is None,
            f"the drops cluster along axes {axes} of (B, out, in)",
            f"丢弃沿 (B, out, in) 的 {axes} 维聚集",
            picture=lambda: Mask.of(mask[0], p),
        )
    expect_lags(flat, p, (1, 7, 9, 10, 11, 190, 199, 200, 201, 210, n // 2), en="connections", zh="连接")
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
                got=f"{share:.3f} of the 2 x 2 blocks of {name} are odd",
                expected=f"{rate:.3f}",
            )


def test_extreme_p(solution):
    """The share of dropped connections is p where it is close to 0 or to 1, too.

    At p = 0.001 none of 42,000 connections is dropped with probability below 1e-18; 1/256, p rounded up to a byte, is
    missed with probability below 1e-8 (exact binomial tail). At 0.998 none of 14,000 is kept with probability below 1e-12.
    """
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
            raise Mistake(
                "looks_at_the_data", group=name, p=p, share=share, got=f"{share:.3f} of these dropped", expected=f"{p}"
            )
    expect(
        not strays[0],
        "some weights are dropped more often than others",
        "有些权重被丢弃得更频繁",
        got=str(strays[0])[:100],
    )


def test_fresh_mask(solution):
    """Each call draws anew: of each pair of three calls the masks differ at rate 2q(1-q)."""
    p = 0.3
    found = masks(solution, p, 20, 8, 10, calls=3)
    if any(torch.equal(a, b) for a, b in itertools.combinations(found, 2)):
        layer = solution.DropConnectLinear(4, 3, p)
        with solution.seeded(11):
            layer(signed(5, 4))
            reseeded = solution.reseeded
        raise Mistake("reseeds" if reseeded else "same_mask_again", got="two calls, one mask")
    for a, b in itertools.combinations(found, 2):
        differ, n = int((a != b).sum()), a.numel()
        expect(
            statistics.rate_holds(differ, n, 2 * p * (1 - p)),
            "two calls are not independent",
            "两次调用不独立",
            got=f"{differ / n:.3f} differ",
            expected=f"{2 * p * (1 - p):.3f}",
        )


def test_count_varies(solution):
    """The number of dropped weights is binomial, not fixed: in a row, in a sample, in a call.

    60 samples of 80 weights all alike have probability below 1e-60; of 480 rows of 10 weights a share of 0.246 keeps five.
    """
    mask = masks(solution, 0.5, 60, 8, 10)
    for counts, n, what in ((mask.sum((1, 2)), 80, "sample"), (mask.sum(2).flatten(), 10, "row")):
        if len(set(counts.tolist())) == 1:
            raise Mistake(
                "exact_count", kept=int(counts[0]), n=n, what=what, got=f"{int(counts[0])} of {n} in each {what}"
            )
    fives = int((mask.sum(2) == 5).sum())
    rate = statistics.pmf(5, 10, 0.5)
    expect(
        statistics.rate_holds(fives, 480, rate),
        "the counts vary more or less than those of independent coins",
        "保留个数的波动与独立抽样不符",
        got=f"{fives / 480:.3f} rows keep 5",
        expected=f"{rate:.3f}",
    )
    calls = statistics.calls_never_alike(480, 0.5)
    totals = [int(each.sum()) for each in masks(solution, 0.5, 6, 8, 10, calls=calls)]
    expect(
        len(set(totals)) > 1,
        f"each call keeps exactly {totals[0]} of 480",
        f"每次调用都恰好保留 480 个中的 {totals[0]} 个",
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
        raise Mistake("reseeds", got="torch.initial_seed() changed")
    with solution.seeded(7, other=2):
        second = layer(x)
        drawn |= solution.drew
    with solution.seeded(8, other=1):
        third = layer(x)
        drawn |= solution.drew
    if not torch.equal(first, second) or torch.equal(first, third):
        if not drawn:
            raise Mistake("other_generator", got="torch.manual_seed does not decide the mask")
        expect(
            False, "the seed does not decide the mask alone", "掩码不只由种子决定", got="another mask at the same seed"
        )
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
                raise Mistake("no_weight_gradient", name=name, got=f"no gradient of {name}", expected="a gradient")
        live = mask / (1 - p)
        want = torch.einsum("bo,boi,bi->oi", g, live, flat)
        if not close(dw, want) and close(dw, g.t() @ flat):
            raise Mistake("straight_through", p=p, got="the gradient of the plain layer", expected="the mask's")
        if not close(dw, want) and close(dw, torch.einsum("bo,boi,bi->oi", g, mask.float(), flat)):
            raise Mistake("gradient_unscaled", p=p, got="Σ g·m·x", expected="Σ g·m·x/(1-p)")
        expect_equal(dw, want, atol=1e-4)
        expect_equal(x.grad, torch.einsum("bo,boi,oi->bi", g, live, weight), atol=0.05)  # sums of up to 512/(1-p)
        expect_equal(db, g.sum(0), atol=1e-4)
    layer = layer_with(solution, weight, None, p)
    first, second = layer(flat), layer(flat)
    (first * g).sum().backward()
    found = [torch.einsum("bo,boi,bi->oi", g, m / (1 - p), flat) for m in
             (read(y.detach(), flat, weight, 1 / (1 - p)) for y in (first, second)) if m is not None]  # fmt: skip
    dw = layer.weight.grad.value()
    expect(dw is not None and len(found) == 2, "two calls, then backward: no gradient", "两次调用后反向传播没有梯度")
    if not close(dw, found[0]) and close(dw, found[1]):
        raise Mistake(
            "mask_of_last_call", got="the first call's gradient has the second call's masks", expected="its own"
        )
    expect_equal(dw, found[0], atol=1e-4)


def test_dtypes(solution):
    """A layer in float16, bfloat16, float32 or float64 answers in that dtype, with the right values, in training and in eval.

    One-hot inputs show the weights one by one: each is 0 or weight/(1-p).
    """
    helper = helper_of(solution)
    p = 0.3
    came = {}
    for dtype, tol in HALF.items():
        name = str(dtype).removeprefix("torch.")
        weight = signed(20, 12)
        layer = layer_with(solution, weight, torch.zeros(20), p)
        helper.to(layer, name)
        x = torch.eye(12).repeat(4, 1).to(dtype)
        y = expect_tensor(layer(x), shape=(48, 20))
        came[dtype] = y.dtype
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
        layer.eval()
        y = expect_tensor(layer(x), dtype=dtype)
        expect_equal(y.double(), want, rtol=tol)
    if came == {each: each if each is torch.float64 else torch.float32 for each in HALF}:
        raise Mistake("float_mask", came="float32", went="bfloat16", got="float32", expected="bfloat16")
    off = [f"{name_of(went)} gave {name_of(back)}" for went, back in came.items() if went is not back]
    expect(not off, "the dtype is not right", "dtype 不对", got=", ".join(off), expected="the dtype of x")


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
    for name, x in {
        "a transpose": signs(10, 20).t(),
        "a slice": signs(40, 30)[::2, 5:25:2],
        "an expanded sample": signs(1, 10).expand(20, 10),
    }.items():
        try:
            y = layer(x)
        except RuntimeError as error:
            if "view size is not compatible" in str(error):
                raise Mistake("flattens_with_view", got="RuntimeError: view size is not compatible") from None
            raise
        mask = read(y, x, weight, 1 / (1 - p))
        expect(mask is not None, f"wrong values for {name}", "非连续输入的结果不对", got=name)
        expect(
            statistics.rate_holds(int((~mask).sum()), mask.numel(), p),
            f"the drop rate is off for {name}",
            "非连续输入的丢弃率不对",
            got=name,
        )
        expect(
            not (mask == mask[:1]).all(), f"the samples of {name} share a mask", "非连续输入的样本共用了掩码", got=name
        )


def test_untouched(solution):
    """x, weight and bias hold the same bits after calls in training and in eval."""
    weight, b = signed(9, 12), signed(9)
    layer = layer_with(solution, weight, b, 0.5)
    for training in (True, False):
        layer.train(training)
        layer(signed(8, 12))
        if solution.changed:
            raise Mistake(
                "changes_the_input", mode="training" if training else "eval", got="x changed", expected="x as it was"
            )
        for name, want in (("weight", weight), ("bias", b)):
            got = getattr(layer, name).value()
            if not torch.equal(got.detach(), want):
                lost = int((got == 0).sum())
                raise Mistake("writes_the_weight", name=name, lost=lost, got=f"{lost} zeros in {name}", expected="none")


def test_device(solution):
    """The mask is made where x and weight live: seen with tensors that pose as living on another device."""
    helper = helper_of(solution)
    for training in (True, False):
        layer = solution.DropConnectLinear(6, 5, 0.4)
        layer.train(training)
        match helper.where(layer, signed(8, 6)):
            case "mixed":
                raise Mistake("mask_on_cpu", got="a CPU mask met x or weight on another device")
            case "here":
                raise Mistake("mask_on_cpu", got="the result stayed on the CPU")
