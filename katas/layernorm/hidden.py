"""Checks for `LayerNorm(normalized_shape, eps=1e-5, elementwise_affine=True)`.

Nothing here is random but the inputs; the truth is the formula in float64. Float32 results are compared at 1e-4 where
the spread is about one (a right answer strays by a few 1e-7, ten times that in a plain loop). A mistake is named only
when its own formula reproduces what came back.
"""

import math

import torch

from interview.grading.checks.expect import Mistake, Unseen, Words, expect, expect_equal, expect_tensor, name_of
from interview.grading.checks.solution import ForbiddenCall, SubmissionError, shape_of

TOL = 1e-4
NO_GRADIENT = Words("none, or all zeros", "没有，或全为零")
HELPER = """
def names(module):
    return [name for name, _ in module.named_parameters()]

def trained(module):
    return [name for name, each in module.named_parameters() if each.requires_grad]
"""


def axes(shape):
    return tuple(range(-len(shape), 0))


def statistics_of(x, shape):
    wide = x.detach().double()
    return wide.mean(axes(shape), keepdim=True), wide.var(axes(shape), keepdim=True, correction=0)


def truth(x, shape, weight=None, bias=None, eps=1e-5):
    mean, var = statistics_of(x, shape)
    y = (x.detach().double() - mean) / (var + eps).sqrt()
    return y * (1.0 if weight is None else weight.double()) + (0.0 if bias is None else bias.double())


def alike(got, want, tol=TOL):
    got = got.detach().double()
    return got.shape == want.shape and bool(((got - want).abs() <= tol * (1 + want.abs())).all())


def uneven(*shape):
    """Rows with means of their own and spreads between 0.5 and 2.5, so that no division magnifies a rounding."""
    x = torch.randn(shape)
    x = (x - x.mean(-1, keepdim=True)) / x.std(-1, correction=0, keepdim=True)
    return x * (0.5 + 2 * torch.rand(*shape[:-1], 1)) + torch.randn(*shape[:-1], 1)


def layer(solution, *args, **named):
    """A module that the report shows with its own arguments."""
    module = solution.LayerNorm(*args, **named)
    module._shown = solution.call
    return module


def in_eval(module):
    module.eval()
    module._shown += ".eval()"


def run(module, x):
    try:
        return module(x)
    finally:
        module._solution.call = f"{module._shown}(x)    x: {shape_of(x)}"


def apply(module, x):
    return expect_tensor(run(module, x), shape=x.shape)


def gradients(module, x, g):
    """What reaches x, weight and bias; None where nothing does."""
    y = apply(module, x)
    if not y.requires_grad:
        return dict.fromkeys(("x", "weight", "bias"))
    (y * g).sum().backward()
    return {"x": x.grad, "weight": module.weight.grad.value(), "bias": module.bias.grad.value()}


def reached(x):
    """x.grad, or Wrong: no gradient reached x."""
    expect(isinstance(x.grad, torch.Tensor), "no gradient reached x", "梯度没有传到 x", got=NO_GRADIENT)
    return x.grad.double()


def spread_of(value):
    return Words(f"spread {value:.4f}", f"标准差 {value:.4f}")


def tensor_of(shape):
    return Words(f"a tensor of shape {tuple(shape)}", f"形状为 {tuple(shape)} 的 tensor")


def test_from_scratch(solution):
    """No ready-made layer norm is called, whether or not its refusal is caught."""
    try:
        run(layer(solution, 4), torch.randn(3, 4))
    except Exception as error:
        if isinstance(error, ForbiddenCall) or solution.forbidden:
            raise Mistake("ready_made", name=solution.forbidden[0]) from None
        raise Unseen from None  # any other exception is the next check's to tell
    if solution.forbidden:
        raise Mistake("ready_made", name=solution.forbidden[0])


def test_interface(solution):
    """An int or a tuple, positional and keyword arguments, a tensor of the input's shape and dtype."""
    x, fine, refused = torch.randn(2, 3, 4), [], {}
    for form, given in (("int", 4), ("tuple", (3, 4))):
        try:
            run(layer(solution, given), x)
            fine.append(form)
        except ForbiddenCall:
            raise
        except Exception:
            refused[form] = solution.call
    if fine and refused:
        form, solution.call = next(iter(refused.items()))
        raise Mistake("one_form_only", form=form)
    for module in (
        layer(solution, 4),
        layer(solution, (4,)),
        layer(solution, (3, 4)),
        layer(solution, 4, 1e-3, False),
        layer(solution, normalized_shape=4, eps=1e-3, elementwise_affine=True),
    ):
        expect_tensor(apply(module, x), dtype=x.dtype)
    one, two = apply(layer(solution, 4), x), apply(layer(solution, (4,)), x)
    expect_equal(two, one, rtol=1e-6, atol=1e-6)


def test_parameters(solution):
    """weight and bias are parameters that can be trained, of shape normalized_shape, ones and zeros at first."""
    helper = solution.build(HELPER)
    for given, shape in ((5, (5,)), ((3, 4), (3, 4))):
        module = layer(solution, given)
        weight, bias = module.weight.value(), module.bias.value()
        names, trained = sorted(helper.names(module)), sorted(helper.trained(module))
        solution.call = module._shown
        tensors = isinstance(weight, torch.Tensor) and isinstance(bias, torch.Tensor)
        if tensors and (missing := [name for name in ("weight", "bias") if name not in names]):
            both = Words(", ".join(missing), "、".join(missing))
            raise Mistake("plain_tensors", missing=both, got=str(names), expected="['bias', 'weight']")
        weight, bias = expect_tensor(weight), expect_tensor(bias)
        if shape == (3, 4) and tuple(weight.shape) in ((4,), (12,)):
            raise Mistake("weight_of_another_shape", came=str(tuple(weight.shape)), went=str(shape))
        expect_tensor(weight, shape=shape)
        expect_tensor(bias, shape=shape)
        if not bool((weight == 1).all() and (bias == 0).all()):
            raise Mistake(
                "other_start",
                weight=float(weight.flatten()[0]),
                bias=float(bias.flatten()[0]),
                got=f"weight {float(weight.flatten()[0]):.3g} …, bias {float(bias.flatten()[0]):.3g} …",
                expected=Words("ones and zeros", "全一和全零"),
            )
        expect(
            names == ["bias", "weight"],
            "the parameters are not weight and bias",
            "参数不是 weight 和 bias",
            got=str(names),
            expected="['bias', 'weight']",
        )
        expect(trained == names, "a parameter does not ask for a gradient", "有参数不求梯度")
    one, two = layer(solution, 3), layer(solution, 3)
    one.weight.set(torch.tensor([2.0, 3.0, 4.0]))
    expect(
        bool((two.weight.value() == 1).all()),
        "two modules share one weight",
        "两个模块共用同一个 weight",
        got=two.weight.value(),
    )


def test_no_affine(solution):
    """With elementwise_affine=False weight and bias are None, nothing is trained, and x is still normalised."""
    helper, x, keyword_obeyed = solution.build(HELPER), uneven(6, 5), False
    for module in (layer(solution, 5, elementwise_affine=False), layer(solution, (5,), 1e-5, False)):
        solution.call = module._shown
        for name in ("weight", "bias"):
            if not getattr(module, name).exists():
                got = Words(f"no attribute {name}", f"没有 {name} 属性")
                raise Mistake("no_attribute", name=name, got=got, expected="None")
            value = getattr(module, name).value()
            if isinstance(value, torch.Tensor) and keyword_obeyed:
                raise Mistake("arguments_in_another_order", name=name, got=tensor_of(value.shape), expected="None")
            if isinstance(value, torch.Tensor):
                raise Mistake("affine_anyway", name=name, got=tensor_of(value.shape), expected="None")
            expect(value is None, f"{name} is not None", f"{name} 不是 None", got=value, expected="None")
        names = helper.names(module)
        solution.call = module._shown
        expect(names == [], "there are parameters", "仍有参数", got=str(names), expected="[]")
        y = apply(module, x)
        expect_equal(y.double(), truth(x, (5,)), atol=TOL)
        expect_equal(apply(module, x), y, atol=1e-6)
        keyword_obeyed = True
    given, g = uneven(4, 5).requires_grad_(), torch.randn(4, 5)
    module = layer(solution, 5, 0.7, elementwise_affine=False)
    y = apply(module, given)
    expect_equal(y.double(), truth(given, (5,), eps=0.7), atol=TOL)
    if y.requires_grad:
        (y * g).sum().backward()
        wide = given.detach().double().requires_grad_()
        centred = wide - wide.mean(-1, keepdim=True)
        (centred / (centred.square().mean(-1, keepdim=True) + 0.7).sqrt() * g.double()).sum().backward()
        expect_equal(reached(given), wide.grad, atol=TOL, rtol=1e-3)


def test_values(solution):
    """Each slice is normalised by its own mean and biased variance; slices differ in mean and spread."""
    for shape, size in (((7, 5), (5,)), ((4, 3, 6), (6,)), ((6, 3), (3,))):
        x = uneven(*shape)
        y = apply(layer(solution, size[0]), x)
        name_the_statistics(x, y, size)
        expect_equal(y.double(), truth(x, size), atol=TOL)


def name_the_statistics(x, y, shape):
    """The known wrong statistics, each if its formula gives y."""
    wide = x.double()
    mean, var = statistics_of(x, shape)
    n = math.prod(shape)
    said = {"got": f"{float(y.flatten()[0]):.4f}", "expected": f"{float(truth(x, shape).flatten()[0]):.4f}"}
    known = {
        "unbiased": (wide - mean) / (var * n / (n - 1) + 1e-5).sqrt(),
        "mean_kept": wide / (wide.square().mean(axes(shape), keepdim=True) + 1e-5).sqrt(),
        "not_rooted": (wide - mean) / (var + 1e-5),
        "over_the_batch": (wide - wide.mean(0, keepdim=True)) / (wide.var(0, keepdim=True, correction=0) + 1e-5).sqrt(),
        "over_everything": (wide - wide.mean()) / (wide.var(correction=0) + 1e-5).sqrt(),
        "only_centred": wide - mean,
    }
    front = tuple(range(x.dim() - 1))
    known["over_the_batch "] = (wide - wide.mean(front, keepdim=True)) / (
        wide.var(front, keepdim=True, correction=0) + 1e-5
    ).sqrt()
    for id_, formula in known.items():
        if alike(y, formula):
            raise Mistake(id_.strip(), n=n, **said)


def test_axes(solution):
    """A tuple normalises over all its axes together, not over the last one, and not each for itself."""
    for shape, size in (((4, 3, 5), (3, 5)), ((2, 3, 4, 2), (3, 4, 2)), ((3, 2, 6), (2, 6))):
        x = uneven(*shape)
        x = (
            x
            + torch.randn(shape[0], *[1] * (len(shape) - 1))
            + torch.arange(shape[1]).reshape(-1, *[1] * (len(shape) - 2))
        )
        y = apply(layer(solution, size), x)
        if alike(y, truth(x, size[-1:])):
            raise Mistake(
                "last_axis_only",
                shape=str(size),
                got=Words("over the last axis", "在最后一维上"),
                expected=Words(f"over the last {len(size)}", f"在最后 {len(size)} 维上"),
            )
        expect_equal(y.double(), truth(x, size), atol=TOL)
    x = uneven(5, 4)
    expect_equal(apply(layer(solution, (4,)), x).double(), truth(x, (4,)), atol=TOL)


def test_eps(solution):
    """eps is added to the variance, inside the root, and the argument is obeyed: seen where the variance is of its size.

    At variance v and eps e the four readings differ by far more than TOL: 1/√(v+e), 1/(√v+e), 1/√(v+e²), 1/√v.
    """
    unit = torch.tensor([-1.0, -0.5, 0.25, 1.25, 0.5, -0.5])
    unit = (unit - unit.mean()) / unit.std(correction=0)
    cases = [(v, e) for e in (1e-5, 0.3, 1e-9) for v in (e, 4 * e, e / 4)]
    got, calls = {}, {}
    for v, e in cases:
        x = (unit * math.sqrt(v)).repeat(3, 1)
        module = layer(solution, 6) if e == 1e-5 else layer(solution, 6, eps=e)
        got[v, e] = float((apply(module, x)[1] / unit).mean()), float((apply(module, x)[1] / unit).std())
        calls[v, e] = solution.call
    want = {(v, e): math.sqrt(v / (v + e)) for v, e in cases}
    bad = [case for case in cases if not (abs(got[case][0] - want[case]) < TOL and got[case][1] < TOL)]
    if not bad:
        return
    v, e = bad[0]
    solution.call, factor = calls[v, e], f"{got[v, e][0]:.4f}"
    scaled = Words(f"scaled to {factor}", f"缩放到 {factor}")
    said = {"v": v, "e": e, "got": scaled, "expected": f"{want[v, e]:.4f}"}
    readings = {
        "eps_outside": lambda v, e: math.sqrt(v) / (math.sqrt(v) + e),
        "eps_squared": lambda v, e: math.sqrt(v / (v + e * e)),
        "eps_unused": lambda v, e: 1.0,
    }
    for id_, reading in readings.items():
        if all(abs(got[v, e][0] - reading(v, e)) < TOL for v, e in cases):
            raise Mistake(id_, **said)
    if all(abs(got[v, e][0] - math.sqrt(v / (v + 1e-5))) < TOL for v, e in cases):
        raise Mistake("eps_ignored", **said)
    used = {
        e: [v * (1 / got[v, e][0] ** 2 - 1) if got[v, e][0] > 0 else -1.0 for v, f in cases if f == e]
        for e in (1e-5, 0.3, 1e-9)
    }
    floors = used[1e-9]
    if {e for _, e in bad} == {1e-9} and min(floors) > 2e-9 and max(floors) < 1.05 * min(floors):
        raise Mistake("eps_has_a_floor", floor=floors[0], **said)
    if not {e for _, e in bad} - {1e-5} and min(used[1e-5]) > 0 and abs(used[1e-5][0] / used[1e-5][1] - 1) < 0.05:
        raise Mistake("other_default", default=used[1e-5][0], **said)
    expect(
        False,
        f"at variance {v:.2g} and eps = {e:g} the values are scaled wrongly",
        f"方差 {v:.2g}、eps = {e:g} 时缩放不对",
        got=said["got"],
        expected=said["expected"],
    )


def test_affine(solution):
    """weight multiplies the normalised x, then bias is added, element by element over normalized_shape."""
    for shape, size in (((6, 5), (5,)), ((4, 3, 5), (3, 5))):
        weight, bias, x = torch.randn(size), torch.randn(size), uneven(*shape)
        module = layer(solution, size if len(size) > 1 else size[0])
        module.weight.set(weight)
        module.bias.set(bias)
        y = apply(module, x)
        plain, w, b = truth(x, size), weight.double(), bias.double()
        said = {
            "got": f"{float(y.flatten()[0]):.4f}",
            "expected": f"{float(truth(x, size, weight, bias).flatten()[0]):.4f}",
        }
        known = {
            "weight_unused": plain + b,
            "bias_unused": plain * w,
            "affine_unused": plain,
            "bias_before_weight": (plain + b) * w,
            "weight_plus_one": plain * (1 + w) + b,
        }
        for id_, formula in known.items():
            if alike(y, formula):
                raise Mistake(id_, **said)
        expect_equal(y.double(), truth(x, size, weight, bias), atol=TOL, rtol=TOL)


def test_gradient(solution):
    """The gradients of x, weight and bias are the closed forms; mean and variance take part.

    With h = g·weight: dx = (h − mean h − x̂·mean(h·x̂))/σ, dweight = Σ g·x̂ and dbias = Σ g over the leading axes.
    Also where a call with another input comes between the two passes.
    """
    for shape, size in (((5, 6), (6,)), ((4, 3, 5), (5,)), ((3, 2, 5), (2, 5))):
        weight, bias, g = torch.randn(size), torch.randn(size), torch.randn(shape)
        x = uneven(*shape).requires_grad_()
        module = layer(solution, size)
        module.weight.set(weight)
        module.bias.set(bias)
        y = apply(module, x)
        if not y.requires_grad:
            raise Mistake("no_gradient", got="requires_grad=False", expected="requires_grad=True")
        (y * g).sum().backward()
        mean, var = statistics_of(x, size)
        sigma, hat, h, front = (
            (var + 1e-5).sqrt(),
            truth(x, size),
            g.double() * weight.double(),
            tuple(range(len(shape) - len(size))),
        )
        through_mean, through_var = h.mean(axes(size), keepdim=True), hat * (h * hat).mean(axes(size), keepdim=True)
        want = (h - through_mean - through_var) / sigma
        if x.grad is None or bool((x.grad == 0).all()):
            raise Mistake("no_gradient", got=NO_GRADIENT, expected=f"{float(want.flatten()[0]):.4f} …")
        known = {
            "statistics_detached": h / sigma,
            "variance_detached": (h - through_mean) / sigma,
            "mean_detached": (h - through_var) / sigma,
        }
        for id_, formula in known.items():
            if alike(x.grad, formula):
                raise Mistake(id_, got=f"{float(x.grad.flatten()[0]):.4f}", expected=f"{float(want.flatten()[0]):.4f}")
        expect_equal(x.grad.double(), want, atol=1e-4, rtol=1e-3)
        for name, wanted in (("weight", (g * hat).sum(front)), ("bias", g.double().sum(front))):
            grad = getattr(module, name).grad.value()
            if grad is None:
                raise Mistake("parameter_without_gradient", name=name, got="None")
            expect_equal(expect_tensor(grad).double(), wanted, atol=1e-4, rtol=1e-3)
    x.grad = None
    y = apply(module, x)
    shown = solution.call
    apply(module, uneven(*shape).requires_grad_())
    solution.call = shown
    (y * g).sum().backward()
    if not alike(reached(x), want, 1e-3):
        x.grad = None
        (apply(module, x) * g).sum().backward()
        solution.call, said = shown, {"expected": f"{float(want.flatten()[0]):.4f}"}
        if alike(reached(x), want, 1e-3):
            raise Mistake("backward_of_the_latest", **said)
        expect_equal(reached(x), want, atol=1e-4, rtol=1e-3)
    module.zero_grad()  # once more in eval, where the gradients are the same
    in_eval(module)
    x.grad = None
    grads = gradients(module, x, g)
    wants = {"x": want, "weight": (g * hat).sum(front), "bias": g.double().sum(front)}
    for name, grad in grads.items():
        if grad is None or bool((grad == 0).all()):
            expected = Words("as in training", "与训练时一样")
            raise Mistake("no_gradient_in_eval", name=name, got=NO_GRADIENT, expected=expected)
        expect_equal(grad.double(), wants[name], atol=1e-4, rtol=1e-3)


def test_equal_values(solution):
    """A slice of equal values has variance 0: the result is bias, the gradient (g − mean g)·weight/√eps, all finite."""
    x = torch.tensor([[3.0] * 8, [-2.0] * 8, [0.0] * 8]).requires_grad_()
    module, bias, g = layer(solution, 8), torch.randn(8), torch.randn(3, 8)
    module.bias.set(bias)
    y = apply(module, x)
    if bool(y.isnan().any()):
        raise Mistake("nan_for_equal_values", got="nan", expected="bias")
    expect_equal(y, bias.expand(3, 8), atol=1e-4)
    if y.requires_grad:
        (y * g).sum().backward()
        if x.grad is not None and bool((~x.grad.isfinite()).any()):
            got = f"{float(x.grad[~x.grad.isfinite()][0])}"
            raise Mistake("gradient_for_equal_values", got=got, expected=Words("finite", "有限值"))
        expect_equal(reached(x), (g - g.mean(1, keepdim=True)).double() / math.sqrt(1e-5), atol=0.05, rtol=1e-3)
    y = apply(layer(solution, 1), torch.tensor([[5.0], [-7.0]]))
    expect_equal(y.abs(), torch.zeros(2, 1))


def test_large_mean(solution):
    """A mean of 1000 with a spread of one: the squares hold no digit of the variance in float32; the differences do.

    Two-pass statistics err by 1e-4 here, E[x²] − E[x]² by several percent; 5e-3 lies between.
    Then rows with means of their own, from -2000 to 2000: no single value brings all of them near zero.
    """
    module = layer(solution, 24)
    for offset in (1000.0, -2000.0):
        x = torch.randn(16, 24) + offset
        y, want = apply(module, x).double(), truth(x, (24,))
        if bool(((y - want).abs() <= 5e-3).all()):
            continue
        spread = y.std(1, correction=0, keepdim=True)
        fine = spread.isfinite() & (spread > 0)
        stretched = bool((((y - y.mean(1, keepdim=True)) / spread - want).abs() <= 1e-2)[fine.expand_as(y)].all())
        near, shown = x - offset, solution.call
        plain = stretched and alike(apply(module, near), truth(near, (24,)))
        solution.call = shown
        if plain:
            strays = spread[((spread - 1).abs().nan_to_num(9.0)).argmax()]
            raise Mistake(
                "squares_cancel",
                mean=offset,
                spread=float(strays),
                got=spread_of(float(strays)),
                expected="1.0000",
            )
        expect_equal(y, want, atol=5e-3)
    x = torch.randn(16, 24) + torch.linspace(-2000, 2000, 16)[:, None]
    y, want = apply(module, x).double(), truth(x, (24,))
    if not bool(((y - want).abs() <= 5e-3).all()):
        spread = y.std(1, correction=0, keepdim=True)
        fine = (spread.isfinite() & (spread > 0)).expand_as(y)
        if bool((((y - y.mean(1, keepdim=True)) / spread - want).abs() <= 1e-2)[fine].all()):
            strays = float(spread[((spread - 1).abs().nan_to_num(9.0)).argmax()])
            raise Mistake("one_shift_for_all", spread=strays, got=spread_of(strays), expected="1.0000")
        expect_equal(y, want, atol=5e-3)


def test_half(solution):
    """float16 and bfloat16: statistics in float32 (squares of 500 overflow float16), the dtype kept, either parameters'.

    bfloat16 reaches far beyond 65504. Gradients are held to five times the bound of the values: they round more often.
    """
    for dtype, tol in ((torch.float16, 1e-2), (torch.bfloat16, 4e-2)):
        for narrow in (False, True):
            module = layer(solution, 16)
            if narrow:
                module.half() if dtype is torch.float16 else module.bfloat16()
                module._shown += ".half()" if dtype is torch.float16 else ".bfloat16()"
            weight, bias = torch.rand(16).add(0.5).to(dtype), torch.randn(16).to(dtype)
            module.weight.set(weight)
            module.bias.set(bias)
            beyond = ((1e6, 0.0),) if dtype is torch.bfloat16 else ()
            for scale, offset in ((1.0, 0.0), (500.0, 0.0), (2.0, 200.0), (1000.0, 8000.0), *beyond):
                x = (torch.randn(40, 16) * scale + offset).to(dtype)
                y = apply(module, x)
                if y.dtype is not dtype:
                    raise Mistake(
                        "promoted",
                        went=name_of(dtype),
                        came=name_of(y.dtype),
                        got=name_of(y.dtype),
                        expected=name_of(dtype),
                    )
                if scale == 1e6 and bool(y.isnan().any()):
                    raise Mistake(
                        "bfloat16_through_float16", got="nan", expected=Words("a spread of one", "标准差为 1")
                    )
                want = truth(x, (16,), weight, bias)
                off = (y.double() - want).abs() > tol * (2 + want.abs())
                if bool(off.any()) and scale + offset > 1:
                    row = int(off.nonzero()[0][0])
                    explained = torch.zeros_like(off)
                    for mean, var in narrow_statistics(x):
                        formula = (x.double() - mean.double()) / (
                            var.double() + 1e-5
                        ).sqrt() * weight.double() + bias.double()
                        explained |= (y.double() - formula).abs() <= 2 * tol * (2 + formula.abs())
                    if float(explained.float().mean()) > 0.98:
                        raise Mistake(
                            "half_statistics",
                            dtype=name_of(dtype),
                            scale=scale,
                            mean=offset,
                            got=f"{float(y[row, 0]):.4f}",
                            expected=f"{float(want[row, 0]):.4f}",
                        )
                expect_equal(y.double(), want, atol=2 * tol, rtol=tol)
            x, g = uneven(6, 16).to(dtype).requires_grad_(), (torch.rand(6, 16) - 0.5).to(dtype)
            grads = gradients(module, x, g)
            wide = x.detach().double().requires_grad_()
            centred = wide - wide.mean(-1, keepdim=True)
            hat = centred / (centred.square().mean(-1, keepdim=True) + 1e-5).sqrt()
            (hat * weight.double() * g.double()).sum().backward()
            wants = {"x": wide.grad, "weight": (g * hat.detach()).sum(0), "bias": g.double().sum(0)}
            for name, grad in grads.items():
                if grad is None or bool((grad == 0).all()):
                    shown, plain = solution.call, gradients(layer(solution, 16), uneven(6, 16).requires_grad_(), g)
                    solution.call = shown
                    if plain[name] is not None and bool(plain[name].any()):
                        raise Mistake("no_gradient_in_half", dtype=name_of(dtype), name=name, got=NO_GRADIENT)
                    expect(False, f"no gradient reached {name}", f"梯度没有传到 {name}", got=NO_GRADIENT)
                expect_equal(grad.double(), wants[name], atol=5 * tol, rtol=5 * tol)
        x = (torch.randn(40, 16) + 20).to(dtype)
        y = apply(layer(solution, 16, elementwise_affine=False), x)
        expect_equal(expect_tensor(y, dtype=dtype).double(), truth(x, (16,)), atol=2 * tol, rtol=tol)


def narrow_statistics(x):
    """Mean and variance as they come out when results are rounded to x's dtype: with `var`, or by way of the squares."""
    mean = x.mean(-1, keepdim=True)
    return (mean, x.var(-1, keepdim=True, correction=0)), (mean, (x - mean).square().mean(-1, keepdim=True))


def test_wide(solution):
    """A float64 input comes back as float64, whether the parameters are float32 or float64."""
    for wide in (False, True):
        module = layer(solution, 7)
        if wide:
            module.double()
            module._shown += ".double()"
        x = uneven(5, 7).double()
        y = apply(module, x)
        if y.dtype is not torch.float64:
            raise Mistake("float32_only", came=name_of(y.dtype), got=name_of(y.dtype), expected="float64")
        expect_equal(y, truth(x, (7,)), atol=TOL)


def test_modes(solution):
    """No running statistics: the same input gives the same result in training, in eval, and after other inputs."""
    module, x, weight, bias = layer(solution, 6), uneven(8, 6), torch.randn(6), torch.randn(6)
    module.weight.set(weight)
    module.bias.set(bias)
    first = apply(module, x)
    apply(module, uneven(5, 6) * 3 + 4)
    again = apply(module, x)
    if not alike(again, first.double()):
        raise Mistake("remembers", got=f"{float(again[0, 0]):.4f}", expected=f"{float(first[0, 0]):.4f}")
    in_eval(module)
    y = apply(module, x)
    if not alike(y, first.double()):
        raise Mistake("eval_differs", got=f"{float(y[0, 0]):.4f}", expected=f"{float(first[0, 0]):.4f}")
    other = uneven(8, 6) * 2 - 1
    y, want = apply(module, other), truth(other, (6,), weight, bias)
    if not alike(y, want):
        shown, fresh = solution.call, layer(solution, 6)
        fresh.weight.set(weight)
        fresh.bias.set(bias)
        in_eval(fresh)
        right = alike(apply(fresh, other), want)
        solution.call = shown
        if right:
            raise Mistake("remembers_in_eval", got=f"{float(y[0, 0]):.4f}", expected=f"{float(want[0, 0]):.4f}")
    expect_equal(y.double(), want, atol=TOL, rtol=TOL)
    with torch.no_grad():
        expect_equal(apply(module, other).double(), truth(other, (6,), weight, bias), atol=TOL, rtol=TOL)
    bare = layer(solution, 6, elementwise_affine=False)
    in_eval(bare)
    y, want = apply(bare, x), truth(x, (6,))
    shown = solution.call
    bare.train()
    right = alike(y, want) or alike(apply(bare, x), want)
    solution.call = shown
    if not alike(y, want) and right:
        raise Mistake("bare_eval_differs", got=f"{float(y[0, 0]):.4f}", expected=f"{float(want[0, 0]):.4f}")
    expect_equal(y.double(), want, atol=TOL)


def test_shapes(solution):
    """No leading axis, one, four, an empty batch, a single row; transposed, sliced and expanded inputs.

    And a slice of 100 with one value far out: it lies √99 ≈ 9.95 spreads above the mean.
    """
    module, square = layer(solution, 5), layer(solution, (2, 5))
    for shape in ((5,), (1, 5), (0, 5), (2, 3, 2, 2, 5), (5, 5), (300, 5)):
        x = uneven(*shape)
        expect_equal(apply(module, x).double(), truth(x, (5,)), atol=TOL)
    for shape in ((2, 5), (2, 2, 5), (3, 0, 2, 5)):
        x = uneven(*shape)
        expect_equal(apply(square, x).double(), truth(x, (2, 5)), atol=TOL)
    x = torch.randn(3, 100)
    x[:, 7] += 1000
    y, want = apply(layer(solution, 100), x), truth(x, (100,))
    bound = float(y.abs().max())
    if bound < 9.5 and alike(y, want.clamp(-bound, bound)):
        raise Mistake("clamped", bound=bound, got=f"{bound:.3f}", expected=f"{float(want.max()):.3f}")
    expect_equal(y.double(), want, atol=TOL, rtol=TOL)
    views = (
        uneven(8, 5).t().contiguous().t(),
        uneven(4, 3, 5).transpose(0, 2).contiguous().transpose(0, 2),
        torch.arange(108.0).reshape(9, 12).sin()[::2, 3:8],
        uneven(1, 5).expand(4, 5),
    )
    for x in (*views, uneven(3, 2, 5).transpose(0, 2).contiguous().transpose(0, 2)):
        size, norm = ((2, 5), square) if x.dim() == 3 and x.shape[1] == 2 else ((5,), module)
        try:
            y = apply(norm, x)
        except SubmissionError as error:
            if not any(word in str(error) for word in ("stride", "contiguous")):
                raise
            shown = solution.call
            apply(norm, x.contiguous())
            solution.call = shown
            expected = Words("as for x.contiguous()", "与 x.contiguous() 一样")
            raise Mistake("contiguous_only", shape=str(tuple(x.shape)), got="RuntimeError", expected=expected) from None
        expect_equal(y.double(), truth(x, size), atol=TOL)


def test_input_untouched(solution):
    """x holds the same bits after the call: in every dtype, with and without parameters, a gradient, and no_grad."""
    for dtype in (torch.float32, torch.float64, torch.float16):
        for module in (layer(solution, 6), layer(solution, 6, elementwise_affine=False)):
            with torch.set_grad_enabled(dtype is not torch.float64):
                run(module, uneven(4, 6).to(dtype))
            if solution.changed:
                raise Mistake("changes_the_input", dtype=name_of(dtype))
            run(module, uneven(4, 6).to(dtype).requires_grad_())
            if solution.changed:
                raise Mistake("changes_the_input_in_training", dtype=name_of(dtype))


def test_device(solution):
    """What forward makes lives where x and the parameters live: seen with tensors that pose as living elsewhere."""
    for shape, affine in ((5, False), ((4, 5), False), ((4, 5), True)):
        module, x = layer(solution, shape, elementwise_affine=affine), torch.randn(3, 4, 5)
        where = solution.device_of(module, x)
        solution.call = f"{module._shown}(x)    x: {shape_of(x)}"
        match where:
            case "mixed":
                got = Words("a CPU tensor met x on another device", "CPU 上的张量遇到了另一个 device 上的 x")
                raise Mistake("made_on_cpu", got=got)
            case "here":
                raise Mistake("made_on_cpu", got=Words("the result stayed on the CPU", "结果留在了 CPU 上"))
