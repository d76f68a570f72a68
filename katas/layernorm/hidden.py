"""Checks for `LayerNorm(normalized_shape, eps=1e-5, elementwise_affine=True)`.

Nothing here is random but the inputs; the truth is the formula in float64. Float32 results are compared at 1e-4 where
the spread is about one: a right answer strays by a few 1e-7, ten times that in a plain loop.
"""

import math
from pathlib import Path

import torch

from interview.grading.checks.expect import Mistake, Words, expect, expect_tensor, name_of, suppose
from interview.grading.checks.generic import expect_default, expect_from_scratch, expect_on_device, expect_untouched
from interview.grading.checks.oracle import Case, Layer, Module

HELPER = Path(__file__).with_name("worker_side.py").read_text(encoding="utf-8")
BARE = {"elementwise_affine": False}


def truth(x, normalized_shape, eps=1e-5, elementwise_affine=True, weight=1.0, bias=0.0):
    size = (normalized_shape,) if isinstance(normalized_shape, int) else normalized_shape
    axes = tuple(range(-len(size), 0))
    centred = x - x.mean(axes, keepdim=True)
    return centred / (centred.square().mean(axes, keepdim=True) + eps).sqrt() * weight + bias


norm = Module("LayerNorm", truth)


def uneven(*shape):
    """Rows with means of their own and spreads between 0.5 and 2.5, so that no division magnifies a rounding."""
    x = torch.randn(shape)
    x = (x - x.mean(-1, keepdim=True)) / x.std(-1, correction=0, keepdim=True)
    return x * (0.5 + 2 * torch.rand(*shape[:-1], 1)) + torch.randn(*shape[:-1], 1)


def affine(size, dtype=torch.float32):
    """Values for weight and bias that are neither their first ones nor alike."""
    return {"weight": (torch.rand(size) + 0.5).to(dtype), "bias": torch.randn(size).to(dtype)}


def test_from_scratch(solution):
    """No ready-made layer norm is called, whether or not its refusal is caught."""
    expect_from_scratch(solution, lambda: norm.made(solution, 4)(torch.randn(3, 4)))


def test_interface(solution):
    """An int or a tuple, positional and keyword arguments, a tensor of the input's shape and dtype."""
    x = torch.randn(2, 3, 4)
    spelled = {"normalized_shape": 4, "eps": 1e-3, "elementwise_affine": True}
    norm.accepts(solution, [Case(x, (4,)), Case(x, ((4,),)), Case(x, ((3, 4),)), Case(x, (4, 1e-3, False)),
                            Case(x, (), spelled)])  # fmt: skip


def test_parameters(solution):
    """weight and bias are parameters that can be trained, of shape normalized_shape, ones and zeros at first."""
    helper = solution.build(HELPER)
    plain = norm.made(solution, 4)
    names = sorted(helper.names(plain.remote))
    if names and not plain.remote.weight.exists():
        solution.call = plain.shown
        raise Mistake("other_names", got=str(names), expected="['bias', 'weight']")
    made = [(norm.made(solution, given), shape) for given, shape in
                                            ((5, (5,)), ((3, 4), (3, 4)), (3, (3,)), (3, (3,)))]  # fmt: skip
    seen = [(layer, shape, layer.remote.weight.value(), layer.remote.bias.value(), sorted(helper.names(layer.remote)),
             sorted(helper.trained(layer.remote))) for layer, shape in made]  # fmt: skip
    made[2][0].remote.weight.set(torch.tensor([2.0, 3.0, 4.0]))
    apart = made[3][0].remote.weight.value()
    for layer, shape, weight, bias, names, trained in seen:
        solution.call = layer.shown
        expect_tensor(weight, shape=shape)
        expect_tensor(bias, shape=shape)
        if not bool((weight == 1).all() and (bias == 0).all()):
            got = f"weight {float(weight.flatten()[0]):.3g} …, bias {float(bias.flatten()[0]):.3g} …"
            raise Mistake("other_start", got=got, expected=Words("ones and zeros", "全一和全零"))
        expect(names == ["bias", "weight"], "the parameters are not weight and bias", "参数不是 weight 和 bias",
               got=str(names), expected="['bias', 'weight']")  # fmt: skip
        expect(trained == names, "a parameter does not ask for a gradient", "有参数不求梯度", got=str(trained))
    expect(bool((apart == 1).all()), "two modules share one weight", "两个模块共用同一个 weight", got=apart)


def test_no_affine(solution):
    """With elementwise_affine=False weight and bias are None, nothing is trained, and x is still normalised."""
    helper, seen = solution.build(HELPER), []
    usual = norm.made(solution, 5).remote.weight.exists()
    suppose(usual, "the usual layer has no weight either", "默认的层也没有 weight")
    for layer in (norm.made(solution, 5, **BARE), norm.made(solution, (5,), 1e-5, False)):
        there = [getattr(layer.remote, name).exists() for name in ("weight", "bias")]
        values = [
            getattr(layer.remote, name).value()
            for name, is_there in zip(("weight", "bias"), there, strict=True)
            if is_there
        ]
        seen.append((layer.shown, values, helper.names(layer.remote)))
    for shown, values, names in seen:
        solution.call = shown
        expect(values == [None, None], "weight and bias are not both None", "weight 和 bias 不都是 None",
               got=" ".join(map(kind, values)), expected="None None")  # fmt: skip
        expect(names == [], "there are parameters", "仍有参数", got=str(names), expected="[]")
    cases = [
        Case(uneven(6, 5), (5,), BARE),
        Case(uneven(6, 5), ((5,), 1e-5, False)),
        Case(uneven(4, 5), (5, 0.7), BARE),
    ]
    norm.agrees(solution, cases)
    norm.agrees_in_gradients(solution, cases)


def kind(value):
    return f"tensor{tuple(value.shape)}" if isinstance(value, torch.Tensor) else str(value)


def test_values(solution):
    """Each slice by its own mean and biased variance: two axes, three, a slice of three where n - 1 is far from n."""
    norm.agrees(solution, [Case(uneven(6, 5), (5,)), Case(uneven(4, 3, 6), (6,)), Case(uneven(7, 3), ((3,),))])


def test_axes(solution):
    """A tuple normalises over all its axes together, not over the last one, and not each for itself."""
    cases = []
    for shape, size in (((4, 3, 5), (3, 5)), ((2, 3, 4, 2), (3, 4, 2)), ((3, 2, 6), (2, 6)), ((5, 4), (4,))):
        apart = torch.randn(shape[0], *[1] * (len(shape) - 1)) + torch.arange(shape[1]).reshape(
            -1, *[1] * (len(shape) - 2)
        )
        cases.append(Case(uneven(*shape) + (apart if len(size) > 1 else 0.0), (size,)))
    norm.agrees(solution, cases)


def test_eps(solution):
    """eps is added to the variance, inside the root, and the argument is obeyed: seen where the variance is of its size.

    At variance v and eps e the readings differ by far more than 1e-4: 1/√(v+e), 1/(√v+e), 1/√(v+e²), 1/√v.
    """
    unit = torch.tensor([-1.0, -0.5, 0.25, 1.25, 0.5, -0.5])
    unit = (unit - unit.mean()) / unit.std(correction=0)
    x = (unit * math.sqrt(2e-5)).repeat(3, 1)
    plain, spelled = norm.made(solution, 6), norm.made(solution, 6, eps=1e-5)
    without, shown, given = plain(x), solution.call, spelled(x)
    norm.agrees(solution, [Case((unit * math.sqrt(v)).repeat(3, 1), (6,), {"eps": e}) for e in (1e-5, 0.3, 1e-9)
                           for v in (e, 4 * e, e / 4)])  # fmt: skip
    expect_default(solution, without, given, "eps", 1e-5, shown)


def test_affine(solution):
    """weight multiplies the normalised x, then bias is added, element by element over normalized_shape."""
    norm.agrees(solution, [Case(uneven(6, 5), (5,), parameters=affine((5,))),
                           Case(uneven(4, 3, 5), ((3, 5),), parameters=affine((3, 5)))])  # fmt: skip


def test_gradient(solution):
    """The gradients of x, weight and bias are those of the formula; mean and variance take part.

    With h = g·weight: dx = (h − mean h − x̂·mean(h·x̂))/σ, dweight = Σ g·x̂ and dbias = Σ g over the leading axes. Also
    where a call with another input comes between the two passes, and in eval.
    """
    sizes = (((5, 6), (6,)), ((4, 3, 5), (5,)), ((3, 2, 5), (2, 5)))
    cases = [Case(uneven(*shape), (size,), parameters=affine(size)) for shape, size in sizes]
    norm.agrees_in_gradients(solution, cases)
    norm.agrees_in_gradients(solution, cases[2:], between=True)
    norm.agrees_in_gradients(solution, [Case(cases[0].x, (6,), parameters=affine((6,)), evaluated=True)])


def test_equal_values(solution):
    """A slice of equal values has variance 0: the result is bias, the gradient (g − mean g)·weight/√eps, all finite."""
    x = torch.tensor([[3.0] * 8, [-2.0] * 8, [0.0] * 8])
    case = Case(x, (8,), parameters={"weight": torch.ones(8), "bias": torch.randn(8)})
    norm.agrees(solution, [case, Case(torch.tensor([[5.0], [-7.0]]), (1,))])
    norm.agrees_in_gradients(solution, [case], tol=0.05)


def test_large_mean(solution):
    """A mean of 1000 with a spread of one: the squares hold no digit of the variance in float32; the differences do.

    Two-pass statistics err by 1e-4 here, E[x²] − E[x]² by several percent; 5e-3 lies between. Then rows with means of
    their own, from -2000 to 2000: no single value brings all of them near zero.
    """
    rows = torch.linspace(-2000, 2000, 16)[:, None]
    norm.agrees(solution, [Case(torch.randn(16, 24) + offset, (24,)) for offset in (1000.0, -2000.0, rows)], tol=5e-3)


def test_half(solution):
    """float16 and bfloat16: statistics in float32 (squares of 500 overflow float16), the dtype kept, either parameters'.

    bfloat16 reaches far beyond 65504. Gradients are held to five times the bound of the values: they round more often.
    """
    values, gradients = [], []
    for dtype in (torch.float16, torch.bfloat16):
        beyond = ((1e6, 0.0),) if dtype is torch.bfloat16 else ()
        for cast in (None, dtype):
            for scale, mean in ((1.0, 0.0), (500.0, 0.0), (2.0, 200.0), (1000.0, 8000.0), *beyond):
                x, facts = (
                    (torch.randn(40, 16) * scale + mean).to(dtype),
                    {"dtype": name_of(dtype), "scale": scale, "mean": mean},
                )
                values.append(Case(x, (16,), parameters=affine((16,), dtype), cast=cast, facts=facts))
            facts = {"dtype": name_of(dtype)}
            gradients.append(
                Case(uneven(6, 16).to(dtype), (16,), parameters=affine((16,), dtype), cast=cast, facts=facts)
            )
        values.append(
            Case(
                (torch.randn(40, 16) + 20).to(dtype),
                (16,),
                BARE,
                facts={"dtype": name_of(dtype), "scale": 1.0, "mean": 20.0},
            )
        )
    norm.agrees(solution, values)
    norm.agrees_in_gradients(solution, gradients)


def test_wide(solution):
    """A float64 input comes back as float64, whether the parameters are float32 or float64."""
    norm.agrees(solution, [Case(uneven(5, 7).double(), (7,), cast=cast) for cast in (None, torch.float64)])


def test_modes(solution):
    """No running statistics: the same input gives the same result in training, in eval, and after other inputs."""
    x, other = uneven(8, 6), uneven(8, 6) * 2 - 1
    calls = [("train", x), ("train", uneven(5, 6) * 3 + 4), ("train", x), ("eval", x), ("eval", other), ("eval", x)]
    norm.remembers_nothing(solution, Case(x, (6,), parameters=affine((6,))), calls)
    norm.remembers_nothing(solution, Case(x, (6,), BARE), [("eval", x), ("train", x), ("eval", other)])
    with torch.no_grad():
        norm.agrees(solution, [Case(other, (6,), parameters=affine((6,)))])


def test_shapes(solution):
    """No leading axis, one, four, an empty batch, a single row; transposed, sliced and expanded inputs.

    And a slice of 100 with one value far out: it lies √99 ≈ 9.95 spreads above the mean.
    """
    far = torch.randn(3, 100)
    far[:, 7] += 1000
    square = ((2, 5), (2, 2, 5), (3, 0, 2, 5))
    norm.agrees(
        solution, [Case(uneven(*shape), (5,)) for shape in ((5,), (1, 5), (0, 5), (2, 3, 2, 2, 5), (5, 5), (300, 5))]
    )
    norm.agrees(solution, [Case(uneven(*shape), ((2, 5),)) for shape in square])
    norm.agrees(solution, [Case(far, (100,))])
    views = (uneven(8, 5).t().contiguous().t(), uneven(4, 3, 5).transpose(0, 2).contiguous().transpose(0, 2),
             torch.arange(108.0).reshape(9, 12).sin()[::2, 3:8], uneven(1, 5).expand(4, 5))  # fmt: skip
    norm.agrees(
        solution,
        [
            *(Case(x, (5,)) for x in views),
            Case(uneven(3, 2, 5).transpose(0, 2).contiguous().transpose(0, 2), ((2, 5),)),
        ],
    )


def test_input_untouched(solution):
    """x holds the same bits after the call: in every dtype, with and without parameters, a gradient, and no_grad."""
    layers = [norm.made(solution, 6), norm.made(solution, 6, **BARE)]

    def calls(dtype, layer):
        yield dtype, lambda: layer(uneven(4, 6).to(dtype))
        yield dtype, lambda: layer(uneven(4, 6).to(dtype).requires_grad_())

    for dtype in (torch.float32, torch.float64, torch.float16):
        with torch.set_grad_enabled(dtype is not torch.float64):
            for layer in layers:
                expect_untouched(solution, calls(dtype, layer))


def test_device(solution):
    """What forward makes lives where x and the parameters live: seen with tensors that pose as living elsewhere."""
    x = torch.randn(3, 4, 5)
    cases = [Case(x, (5,), BARE), Case(x, ((4, 5),), BARE), Case(x, ((4, 5),))]
    expect_on_device(*(lambda case=case: Layer(solution, "LayerNorm", case).device_of(x) for case in cases))
