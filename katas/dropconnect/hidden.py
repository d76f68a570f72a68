"""Checks for `DropConnectLinear(in_features, out_features, p=0.5, bias=True)`: those of the family, a coin a connection.

Coins are read from sums. With weights ±2^j and inputs ±1 a sum of kept terms tells which were kept, exactly: its binary
digits are the mask, and float32 holds ten of them with room to spare. Where values, gradients and dtypes are asked, x
is the weight of a layer of one input, or the inputs of a layer of one weight, so that nothing is summed. About 240,000
coins are tossed in all: a plain loop over samples, outputs and inputs is judged within its twenty seconds.
"""

from pathlib import Path

import torch

from interview.grading.checks.callers import Helper, beside
from interview.grading.checks.dropout_family import Family, Reading, inverted, unscaled
from interview.grading.checks.expect import Mask, Mistake, Unseen, Words, Wrong, expect, expect_equal, expect_tensor
from interview.grading.checks.masks import TINY, expect_lags, rate_found, signed
from interview.grading.checks.statistics import each_rate_holds, rate_holds
from interview.grading.checks.units import Unit

HERE = Path(__file__).parent
SIDE = (HERE / "worker_side.py").read_text(encoding="utf-8")
NAMES = ("in_features", "out_features", "p", "bias")
CONNECTION = Unit(Words("connections", "连接"), (0, 1), rank=3)
SCALES = (inverted, unscaled, lambda p: 1 / p, lambda p: 1 / (1 - p) ** 2, lambda p: 1 - p)
OTHERS = [inverted(p) for p in (0.1, 0.2, 0.25, 0.3, 0.4, 0.6, 0.7, 0.75, 0.8, 0.9)]  # where p is not heeded
OWN_COIN = Words("a coin each", "各抽各的")
THE_BIAS = Words("the bias", "bias")
COLUMNS = [0, 64, 100, 128, 200, 256, 500, 512]  # their differences hold the usual sizes of a block


def signs(*shape):
    return (torch.rand(shape) < 0.5) * 2.0 - 1


def powers(out, n):
    """Weights ±1, ±2, ±4, … along each row."""
    return signs(out, n) * 2.0 ** torch.arange(n)


def digits(sums, terms):
    """The mask (B, out, in), True = kept, by which (B, out) sums are made of (B, out, in) terms ±2^j; None if by none.

    A term that is negative counts as 2^j less than the whole, so that all digits are of one sign.
    """
    positive, n = terms > 0, terms.shape[-1]
    total = sums.double() + (~positive * terms.abs().double()).sum(-1)
    whole = total.round()
    if not bool(((total - whole).abs() < 0.02).all() and (whole >= 0).all() and (whole < 2**n).all()):
        return None
    return ((whole.long()[..., None] >> torch.arange(n)) & 1 == 1) == positive


class Digits(Reading):
    """x and y as `connections.py` has them: products of weights and inputs, and an output at all its connections."""

    def lay(self, unit, rows, columns, dtype):
        n = next(n for n in range(10, 0, -1) if columns % n == 0)
        inputs = torch.cat([torch.ones(1, n), signs(rows - 1, n)])
        x = (inputs[:, None] * powers(columns // n, n)).reshape(rows, columns, 1)
        return x.expand(unit.shape(rows, columns)).to(dtype).contiguous()

    def read(self, x, y, p):
        n = next(n for n in range(10, 0, -1) if x.shape[1] % n == 0)
        terms, sums = x[..., 0].unflatten(1, (-1, n)), expect_tensor(y, shape=x.shape).detach()[:, ::n, 0]
        for scale in (*(each(p) for each in SCALES if 0 < p < 1 or each is unscaled), *OTHERS):
            mask = digits(sums / scale, terms)
            if mask is not None:
                return torch.where(mask.flatten(1)[..., None], x * scale, 0)
        raise off(sums, terms, p)


def off(sums, terms, p):
    few = [round(each) for each in terms[0, 0].tolist()]
    expected = Words(f"a sum of some of {few}, over {1 - p:g}", f"{few} 中若干项之和，除以 {1 - p:g}")
    return Wrong("an output is not the sum of some weights times x, divided by 1-p",
                 "输出不是若干 weight·x 之和再除以 1-p", got=sums[0, 0], expected=expected)  # fmt: skip


def laid(file):
    text = "DropConnectLinear(…, p={p}).train({training})(x)"
    return Helper(file=HERE / file, text=text, bare="DropConnectLinear(…)(x)", names=NAMES)


connections = Family(call=laid("connections.py"), unit=CONNECTION, reading=Digits(), empty=False, side=80, supply=100)
by_weight, by_input = Family(call=laid("weights.py")), Family(call=laid("inputs.py"))
interface, extreme_p, generator = connections.interface(), connections.extreme_p(), connections.generator()
gradient = by_weight.gradient()


def both(solution, name):
    """A check of the family, for x as the weight and for x as the input."""
    for family in (by_weight, by_input):
        getattr(family, name)()(solution)


def layer_with(solution, weight, bias, p):
    """A fresh layer with those values; `bias` may be None."""
    return solution.shared(SIDE).make(weight, bias, p)


def shown(solution, p, then=""):
    solution.call = f"DropConnectLinear(…, p={p}){then}(x)"


def masks(solution, p, b, out, n):
    """The mask (B, out, in) of a call, True = kept."""
    return connections.sheet(solution, p, b, out * n).view(b, out, n)


def close(got, want, tol=1e-5):
    return got.shape == want.shape and bool(((got - want).abs() <= tol * (1 + want.abs().max())).all())


test_from_scratch = connections.from_scratch()


def test_parameters(solution):
    """weight (out, in) and bias (out,), both trained, and nothing else; without bias only weight."""
    side, both = solution.shared(SIDE), "['bias', 'weight']"
    found, bare = side.parameters(5, 7, 0.3), side.parameters(5, 7, 0.3, False)
    solution.call = "DropConnectLinear(5, 7, 0.3).named_parameters()"
    if found.get("weight") == [5, 7]:
        raise Mistake("weight_transposed", got="weight: (5, 7)", expected="weight: (7, 5)")
    for name, shape in (("weight", [7, 5]), ("bias", [7])):
        inner = f".{name}" in "".join(found)
        expect(
            not inner,
            f"{name} belongs to an inner module",
            f"{name} 属于内层模块",
            got=f"{sorted(found)}",
            expected=both,
        )
        if name not in found:
            raise Mistake("not_a_parameter", name=name, got=f"{sorted(found)}", expected=both)
        expect(
            found[name] == shape,
            f"{name} has the wrong shape",
            f"{name} 的形状不对",
            got=f"{found[name]}",
            expected=f"{shape}",
        )
    extra = sorted(set(found) - {"weight", "bias"})
    if extra:
        raise Mistake("extra_parameter", name=extra[0], got=f"{sorted(found)}", expected=both)
    solution.call = "DropConnectLinear(5, 7, 0.3, False).named_parameters()"
    if "bias" in bare:
        raise Mistake("bias_anyway", got=f"{sorted(bare)}", expected="['weight']")
    expect(bare == {"weight": [7, 5]}, "the parameters without bias are not just weight", "bias=False 时参数不只有 weight",
           got=f"{bare}")  # fmt: skip


test_range_of_p = connections.range_of_p()


def test_untouched(solution):
    """x, weight and bias hold the same bits after calls in training and in eval, in every dtype."""
    weight, b = signed(9, 12), signed(9)
    layer = layer_with(solution, weight, b, 0.5)
    for training in (True, False):
        layer.train(training)
        for dtype in (torch.float32, torch.float64):
            layer.double() if dtype is torch.float64 else layer.float()
            layer(signed(8, 12, dtype=dtype))
            shown(solution, 0.5, f".train({training})")
            if solution.changed:
                raise Mistake("changes_the_input", mode=Words("training", "训练模式") if training else "eval")
        for name, want in (("weight", weight), ("bias", b)):
            kept = getattr(layer, name).value()
            lost = int((kept == 0).sum())
            if lost:
                found = Words(f"{lost} zeros in {name}", f"{name} 中有 {lost} 个零")
                raise Mistake("writes_the_weight", name=name, lost=lost, got=found, expected=Words("none", "没有"))
            expect_equal(kept.detach(), want, dtype=False)


def test_interface(solution):
    """A module that maps (B, in) to (B, out); arguments by position and by name; it drops in training, also when its
    weight is frozen, and then x has a gradient still. That 600 connections at 1/4 are all kept has probability below
    1e-70.
    """
    side, layer = solution.shared(SIDE), solution.DropConnectLinear(5, 7)
    expect(side.is_module(layer), "it is not a torch.nn.Module", "它不是 torch.nn.Module")
    expect_tensor(layer(signed(3, 5)), shape=(3, 7), dtype=torch.float32)
    interface(solution)
    weight, x = powers(10, 10), signs(6, 10)
    y = side.frozen(layer_with(solution, weight, None, 0.25), x)
    shown(solution, 0.25, ".requires_grad_(False)")
    if close(y.detach(), x @ weight.t()):
        got = Words("the plain product of a frozen weight", "weight 冻结后得到普通乘积")
        raise Mistake("frozen_is_eval", got=got, expected=Words("drops, in training mode", "训练模式下要丢弃"))
    expect(y.requires_grad, "no gradient reaches x where the weight is frozen", "weight 冻结后 x 没有梯度",
           got="requires_grad=False", expected="True")  # fmt: skip


def test_eval_linear(solution):
    """In eval, also as part of a model, it is the plain linear layer with its graph; back in training it drops again."""
    for p, b in ((0.3, signed(9)), (0.8, None), (1.0, signed(9)), (0.0, signed(9))):
        weight, x = signed(9, 12), signed(20, 12)
        layer = layer_with(solution, weight, b, p)
        layer(x)
        layer.eval()
        y, again = (expect_tensor(layer(x.clone().requires_grad_()), shape=(20, 9)) for _ in range(2))
        shown(solution, p, ".eval()")
        if not y.requires_grad:
            got = Words("requires_grad=False in eval", "eval 时 requires_grad=False")
            raise Mistake("detached_in_eval", got=got, expected="requires_grad=True")
        y, product = y.detach(), x @ weight.t()
        plain = product if b is None else product + b
        if 0 < p < 1 and close(y, plain - p * product):
            got = Words(f"{1 - p:g} times the product", f"乘积的 {1 - p:g} 倍")
            raise Mistake("eval_scaled", p=p, ratio=1 - p, got=got, expected=Words("the product", "乘积本身"))
        if 0 < p < 1 and not close(y, plain) and not close(again.detach(), y):
            got = Words("two calls in eval differ", "eval 时两次调用不同")
            raise Mistake("drops_in_eval", p=p, got=got, expected=Words("weight and bias as they are", "不丢弃权重"))
        expect_equal(y, plain, atol=1e-5 * float(1 + plain.abs().max()))
    quiet, loud = solution.shared(SIDE).in_a_model(layer_with(solution, weight, b, 0.5), x)
    solution.call = "Sequential(…, DropConnectLinear).eval()(x)"
    expect_equal(quiet, plain, atol=1e-4)
    solution.call = "Sequential(…, DropConnectLinear).train()(x)"
    expect(not close(loud, plain), "back in training nothing is dropped", "回到训练模式后什么都没有丢弃")


test_survivors = connections.survivors()


def test_bias_kept(solution):
    """Where x is 0 the output is the bias, in training too; its gradient is Σ g."""
    for p in (0.3, 0.8):
        b, x, g = signed(40), torch.zeros(30, 6), signed(30, 40)
        layer = layer_with(solution, signed(40, 6), b, p)
        y = expect_tensor(layer(x), shape=(30, 40))
        shown(solution, p)
        flat, scale = y.detach(), 1 / (1 - p)
        if close(flat, (b * scale).expand(30, 40)):
            got = Words(f"{scale:.3g} times the bias", f"bias 的 {scale:.3g} 倍")
            raise Mistake("bias_scaled", p=p, ratio=scale, got=got, expected=THE_BIAS)
        zero = flat == 0
        if zero.any() and (zero | ((flat - b).abs() < 1e-5) | ((flat - b * scale).abs() < 1e-4)).all():
            share = float(zero.float().mean())
            got = Words(f"{share:.2f} of the outputs are 0", f"{share:.2f} 的输出为 0")
            raise Mistake("bias_dropped", p=p, share=share, got=got, expected=THE_BIAS)
        expect_equal(flat, b.expand(30, 40), atol=1e-6)
        if y.requires_grad:  # else `gradient` tells
            (y * g).sum().backward()
            expect_equal(layer.bias.grad.value(), g.sum(0), atol=1e-4)


def test_expectation(solution):
    """Whether a weight is dropped depends neither on its size or sign, by the family's rule, nor on the sign of x.

    4,000 coins, half of them before a positive x: a rate of 0.45 for 0.3 is missed with probability below 1e-9.
    """
    p, check = 0.3, by_weight.expectation()
    check(solution)
    ((x, y),) = connections.drawn(solution, p, 40, 100)
    if not connections.fair(connections.laid([(x, y)], 100), p):
        return  # where coins are shared there are too few to tell: `own_coin` does
    kept, positive = connections.coins(y), x[..., 0] * x[:1, :, 0] > 0
    for group, name in ((positive, Words("x > 0", "x > 0")), (~positive, Words("x < 0", "x < 0"))):
        lost, n = int((~kept & group).sum()), int(group.sum())
        if not rate_holds(lost, n, p) and rate_holds(int((~kept).sum()), kept.numel(), p):
            got = Words(f"{lost / n:.3f} of these dropped", f"其中丢弃了 {lost / n:.3f}")
            raise Mistake("looks_at_the_data", group=name, p=p, share=lost / n, got=got, expected=f"{p}")


def alike(rows):
    """The first two rows of a 2-d mask that are equal, and whether they hold both kept and dropped; or None."""
    seen: dict[tuple[bool, ...], int] = {}
    for index, row in enumerate(rows.tolist()):
        first = seen.setdefault(tuple(row), index)
        if first != index:
            return first, index, 0 < sum(row) < len(row)
    return None


def wide(solution, p):
    """The masks (4, 11, 8) of eight of 600 inputs: the others are zero, so the sum tells of these alone."""
    weight, x = signed(11, 600), torch.zeros(4, 600)
    weight[:, COLUMNS], x[:, COLUMNS] = powers(11, 8), signs(4, 8)
    sums = expect_tensor(layer_with(solution, weight, None, p)(x), shape=(4, 11)).detach()
    terms = x[:, None, COLUMNS] * weight[:, COLUMNS]
    mask = digits(sums * (1 - p), terms)
    if mask is None:
        raise off(sums, terms, p)
    return mask


def test_own_coin(solution):
    """Every connection of every sample has its own coin: no axis of (B, out, in) shares a mask, and lags do not repeat one.

    48 x 40 x 10 coins: an axis all alike has probability below 2^-200. The lags compare disjoint pairs, which are
    independent: they differ at rate 2q(1-q). Blocks of 2 x 2 coins keep an odd number at rate (1 - (1-2q)⁴)/2, which
    coins made from one number a row and one a column, independent in pairs, do not: 4800 blocks miss 0.38 for 0.499
    with probability below 1e-9. Of 200 samples, or outputs, two with the same 60 coins have probability below
    19900 · 0.52^60 < 1e-12. Of 600 inputs eight are looked at, 36 to 512 apart: two with the same 44 coins have
    probability below 28 · 0.52^44 < 1e-11.
    """
    p = 0.4
    mask = masks(solution, p, 48, 40, 10)
    call = solution.call
    for axis, name in enumerate(("shared_over_batch", "drops_the_input", "drops_the_output")):
        if bool((mask == mask.narrow(axis, 0, 1)).all()) and bool(mask.any()) and not bool(mask.all()):
            got = Words(
                f"the mask is the same along axis {axis} of (B, out, in)", f"掩码沿 (B, out, in) 的第 {axis} 维都相同"
            )
            picture = Mask.of(mask[0] if axis else mask.transpose(0, 1).reshape(40, -1), p)
            raise Mistake(name, p=p, got=got, expected=OWN_COIN, picture=picture)
    if bool((mask[1:, :-1] == mask[:-1, 1:]).all()) or bool((mask[1:, 1:] == mask[:-1, :-1]).all()):
        raise Mistake("rows_slide")
    connections.suppose_rate(mask.flatten(1), p)
    for axes in ((0,), (1,), (2,), (0, 1), (0, 2), (1, 2)):
        sums = mask.sum(axes).flatten().tolist()
        bad = each_rate_holds(sums, mask.numel() // len(sums), 1 - p)
        expect(bad is None, f"the drops cluster along axes {axes} of (B, out, in)", f"丢弃沿 (B, out, in) 的 {axes} 维聚集",
               picture=lambda: Mask.of(mask[0], p))  # fmt: skip
    rate = (1 - (1 - 2 * p) ** 4) / 2
    for name, plane in {"(out, in)": mask, "(B, in)": mask.transpose(0, 1), "(B, out)": mask.permute(2, 0, 1)}.items():
        odd = plane[:, ::2, ::2] ^ plane[:, 1::2, ::2] ^ plane[:, ::2, 1::2] ^ plane[:, 1::2, 1::2]
        share = float(odd.float().mean())
        if not rate_holds(int(odd.sum()), odd.numel(), rate):
            got = Words(
                f"{share:.3f} of the 2 x 2 blocks of {name} are odd", f"{name} 的 2 x 2 小块中 {share:.3f} 为奇数"
            )
            raise Mistake("coins_recycled", p=p, share=share, want=rate, got=got, expected=f"{rate:.3f}")
    pair = alike(masks(solution, p, 200, 6, 10).flatten(1))
    if pair and pair[2]:
        got = Words(f"samples {pair[0]} and {pair[1]} have one mask", f"第 {pair[0]} 与第 {pair[1]} 个样本同一个掩码")
        raise Mistake("samples_share_masks", first=pair[0], second=pair[1], got=got, expected=OWN_COIN)
    far = range(200), masks(solution, p, 6, 200, 10).transpose(0, 1).flatten(1), "out", 200
    for places, rows, side, size in (far, (COLUMNS, wide(solution, p).transpose(0, 2).flatten(1), "in", 600)):
        pair = alike(rows)
        if pair and pair[2]:
            first, second = places[pair[0]], places[pair[1]]
            got = Words(
                f"places {first} and {second} of {side} are dropped alike",
                f"{side} 方向的第 {first} 与第 {second} 个丢弃得一样",
            )
            raise Mistake("mask_tiled", axis=side, n=size, first=first, second=second, got=got, expected=OWN_COIN)
        expect(not pair, "all of a large layer is kept, or all dropped", "较大的层全部保留或全部丢弃")
    solution.call = call
    n = mask.numel()
    expect_lags(mask.flatten(), p, (1, 7, 9, 10, 11, 390, 399, 400, 401, 410, n // 2), en="connections", zh="连接")


test_rate = connections.rate()
test_fresh_mask = connections.fresh_mask()
test_count_varies = connections.count_varies()


def test_extreme_p(solution):
    """The family's rule; a p next to 0 that is the next step of a byte, or of a hundredth, is told as such where each
    connection has its own coin: of shared ones there are few."""
    try:
        extreme_p(solution)
    except Wrong:
        with beside(solution):
            mask, fair = connections.sheet(solution, TINY, 160, 180), connections.fair_elsewhere(solution)
        zeros, n = int((~mask).sum()), mask.numel()
        coarse = not rate_holds(zeros, n, TINY) and any(rate_holds(zeros, n, step) for step in (1 / 256, 0.01))
        if fair and coarse:
            raise Mistake("rounds_p", p=TINY, share=zeros / n, **rate_found(zeros, n, TINY)) from None
        raise


def test_generator(solution):
    """The family's rule, and a layer that stood before the seed was set draws by it too."""
    if not solution.shared(SIDE).follows(0.4, signed(5, 6)):
        shown(solution, 0.4)
        raise Mistake("other_generator")
    generator(solution)


def test_gradient(solution):
    """The family's rule, for the weight alone; and those of weight and x, summed over samples and over outputs.

    With the mask read from the output: dW = Σ over samples of g·m·x/(1-p), dx = Σ over outputs of g·m·W/(1-p).
    """
    gradient(solution)
    for p in (0.3, 0.8):
        weight, x, g = powers(7, 10), signs(12, 10).requires_grad_(), signed(12, 7)
        layer = layer_with(solution, weight, torch.zeros(7), p)
        y = layer(x)
        shown(solution, p)
        flat, sums = x.detach(), y.detach()
        mask = digits(sums * (1 - p), flat[:, None] * weight)
        if mask is None:
            raise off(sums, flat[:, None] * weight, p)
        (y * g).sum().backward()
        for name, grad in (("weight", layer.weight.grad.value()), ("x", x.grad)):
            if grad is None:
                got = Words(f"no gradient of {name}", f"{name} 没有梯度")
                raise Mistake("no_gradient", got=got, expected=Words("a gradient", "有梯度"))
        live = mask / (1 - p)
        expect_equal(layer.weight.grad.value(), torch.einsum("bo,boi,bi->oi", g, live, flat), atol=1e-4)
        expect_equal(x.grad, torch.einsum("bo,boi,oi->bi", g, live, weight), atol=0.05)  # sums of up to 512/(1-p)


def test_p_zero(solution):
    """p = 0 is the plain layer in training, with the gradients of the weight and of x."""
    both(solution, "p_zero")


def test_p_one(solution):
    """p = 1 leaves the bias, or zeros without one; the gradients of x and weight exist and are zero."""
    both(solution, "p_one")
    b = signed(9)
    y = expect_tensor(layer_with(solution, signed(9, 12), b, 1.0)(signed(20, 12)), shape=(20, 9))
    expect_equal(y, b.expand(20, 9))


test_dtypes = by_weight.dtypes()


def test_shapes(solution):
    """One sample, one output, both, and inputs that are not contiguous, of which each sample has its own mask."""
    p = 0.4
    for b, out, n in ((1, 40, 10), (40, 1, 10), (300, 1, 1), (1, 1, 10)):
        mask = masks(solution, p, b, out, n)
        lost, total = int((~mask).sum()), mask.numel()
        expect(rate_holds(lost, total, p), f"the drop rate is off for B = {b}, out = {out}, in = {n}",
               f"B = {b}、out = {out}、in = {n} 时丢弃率不对", got=f"{lost / total:.3f}", expected=f"{p}")  # fmt: skip
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
        mask = digits(y.detach() * (1 - p), x[:, None] * weight)
        right = mask is not None and rate_holds(int((~mask).sum()), mask.numel(), p) and not (mask == mask[:1]).all()
        expect(right, f"{name} is not dropped from as any other x", f"{zh}没有像别的输入那样丢弃", got=y[0, 0])


def test_device(solution):
    """The mask is made where x and weight live: seen with tensors that pose as living on another device."""
    if "weight" not in solution.shared(SIDE).parameters(6, 5, 0.4):
        raise Unseen  # a plain tensor does not move with the layer: told by `parameters`
    for training in (True, False):
        layer = solution.DropConnectLinear(6, 5, 0.4)
        layer.train(training)
        lives = solution.device_of(layer, signed(8, 6))
        shown(solution, 0.4, f".train({training})")
        if lives == "mixed":
            got = Words(
                "a CPU mask met x or weight on another device", "CPU 上的掩码遇到了另一个 device 上的 x 或 weight"
            )
            raise Mistake("mask_on_cpu", got=got)
        if lives == "here":
            raise Mistake("mask_on_cpu", got=Words("the result stayed on the CPU", "结果留在了 CPU 上"))
