"""Checks for `softmax(x, dim=-1)` and `log_softmax(x, dim=-1)`.

Nothing here is random but the inputs. The truth is torch's own function in float64. A right float32 answer may shift
by the slice's maximum, or subtract a logsumexp, whose rounding is that of the largest |x|: `slack` allows 32 units of
it, relative for a probability, absolute for a logarithm. Those sums are short, so a plain loop stays far inside.
A mistake is named only when its formula reproduces what came back on several inputs.
"""

import math

import torch

from interview.grading.checks.expect import Mistake, Unseen, Words, expect, expect_equal, expect_tensor, name_of
from interview.grading.checks.solution import ForbiddenCall

EPS = 2.0**-23
INF = math.inf
FUNCTIONS = ("softmax", "log_softmax")


def truth(name, x, dim=-1):
    return getattr(torch, name)(x.double(), dim)


def slack(x):
    """32 units of the last place of the largest finite |x|, and at least of 1."""
    finite = x.detach().double().abs()
    return 32 * EPS * (1 + float(finite[finite < INF].amax())) if x.numel() else 0.0


def close(name, got, want, tol):
    """Element by element: a probability up to a relative error, a logarithm up to an absolute one. Equal infinities too.

    Probabilities below the smallest normal float32 may be flushed to zero.
    """
    got, want = got.detach().double(), want.detach().double()
    allowed = tol * want.abs() + 2e-38 if name == "softmax" else tol * (1 + want.abs())
    return (got == want) | ((got - want).abs() <= allowed)


def alike(got, want):
    """Does a formula explain what came back: NaN where it gives NaN, infinities equal, and the rest within 1e-4?"""
    got, want = got.detach().double(), want.detach().double()
    near = ((got - want).abs() <= 1e-4 * (1 + want.abs())) & want.isfinite()
    return bool(((got == want) | (got.isnan() & want.isnan()) | near).all())


def call(solution, name, x, *dim):
    return expect_tensor(getattr(solution, name)(x, *dim), shape=x.shape)


def expect_right(name, got, x, dim, tol=None):
    """All values right, or Wrong with the first that is not."""
    want = truth(name, x, dim)
    bad = ~close(name, got, want, slack(x) if tol is None else tol)
    if not bool(bad.any()):
        return
    where = tuple(bad.nonzero()[0].tolist())
    expect(
        False,
        f"{int(bad.sum())} of {bad.numel()} values of {name} are wrong, the first at {list(where)}",
        f"{name} 的 {bad.numel()} 个值中有 {int(bad.sum())} 个不对，第一处在 {list(where)}",
        got=f"{float(got[where]):.6g}",
        expected=f"{float(want[where]):.6g}",
    )


def test_from_scratch(solution):
    """No ready-made softmax is called, whether or not its refusal is caught."""
    raised = []
    for name in FUNCTIONS:
        try:
            getattr(solution, name)(torch.randn(3, 4), 1)
        except Exception as error:
            if isinstance(error, ForbiddenCall) or solution.forbidden:
                raise Mistake("ready_made", name=solution.forbidden[0]) from None
            raised.append(name)  # any other exception is the next check's to tell
        if solution.forbidden:
            raise Mistake("ready_made", name=solution.forbidden[0])
    if len(raised) == len(FUNCTIONS):
        raise Unseen


def test_interface(solution):
    """Positional and keyword arguments, dim = -1 by default, a tensor of the input's shape and dtype."""
    x = torch.randn(4, 6)
    for name in FUNCTIONS:
        function = getattr(solution, name)
        for y in (function(x), function(x, 0), function(x=x, dim=1)):
            expect_tensor(y, shape=x.shape, dtype=x.dtype)
        default, call = function(x), solution.call
        last, first = function(x, -1), function(x, 0)
        solution.call = call
        if alike(default, first) and not alike(first, last):
            raise Mistake("first_by_default", name=name, got=f"{name}(x) == {name}(x, 0)", expected=f"{name}(x, -1)")
        expect_equal(default, last, rtol=1e-6, atol=1e-6)
        keyword = function(x=x, dim=1)
        expect_equal(keyword, last, rtol=1e-6, atol=1e-6)
        deep = torch.randn(3, 4, 5)  # with two axes dim = 1 is the last one too
        default, call = function(deep), solution.call
        last, second = function(deep, -1), function(deep, 1)
        solution.call = call
        if alike(default, second) and not alike(second, last):
            raise Mistake("second_by_default", name=name, got=f"{name}(x) == {name}(x, 1)", expected=f"{name}(x, -1)")
        expect_equal(default, last, rtol=1e-6, atol=1e-6)


def test_values(solution):
    """The formula on moderate values, and a sum of exactly one.

    Where one entry leads by 200 every stable form gives exactly 1 in float32: the other terms underflow, the sum is 1.
    """
    x = torch.randn(5, 7) * 2
    y = call(solution, "softmax", x, -1)
    wide = x.double()
    if alike(y, torch.softmax(-wide, -1)):
        top = f"{float(y.flatten()[x.argmax()]):.3g}"
        raise Mistake("softmin", got=Words(f"largest x has the probability {top}", f"最大的 x 的概率是 {top}"))
    row = f"{float(y[0].sum()):.3f}"
    row_sum = Words(f"a row sums to {row}", f"一行加起来等于 {row}")
    if alike(y, (wide - wide.amax(-1, keepdim=True)).exp()) or alike(y, wide.exp()):
        raise Mistake("not_normalised", got=row_sum, expected="1", total=float(y[0].sum()))
    if alike(y, torch.softmax(wide.flatten(), 0).reshape(x.shape)):
        raise Mistake("over_everything", got=row_sum, expected="1", total=float(y.sum()))
    shown = solution.call
    one = float(call(solution, "softmax", torch.tensor([0.0, -200.0, -200.0]), -1)[0])
    shown_one = solution.call
    two = float(call(solution, "softmax", torch.tensor([0.0, 0.0, -200.0]), -1)[0])
    solution.call = shown_one
    if 0 < one < 1 - 4 * EPS and abs((1 / two - 2) / (1 / one - 1) - 1) < 0.2:
        raise Mistake("sum_enlarged", extra=1 / one - 1, total=float(y[0].sum()), got=f"{one:.8f}", expected="1")
    solution.call = shown
    expect_right("softmax", y, x, -1)
    solution.call = shown_one
    expect(
        abs(one - 1) <= 4 * EPS,
        "a lone leader does not get the probability 1",
        "明显领先的元素概率应为 1",
        got=f"{one:.8f}",
        expected="1",
    )
    z = call(solution, "log_softmax", x, -1)
    if alike(z, wide - wide.amax(-1, keepdim=True)):
        total = f"{float(z[0].exp().sum()):.3f}"
        got = Words(f"the exponentials of a row sum to {total}", f"一行的指数之和是 {total}")
        raise Mistake("log_without_sum", got=got, expected="1")
    for base, log in ((2, torch.log2), (10, torch.log10)):
        if (
            alike(z, log(torch.softmax(wide, -1)))
            or alike(z, wide - log(wide.exp().sum(-1, keepdim=True)))
            or alike(z, (shifted := wide - wide.amax(-1, keepdim=True)) - log(shifted.exp().sum(-1, keepdim=True)))
        ):
            raise Mistake(
                "other_logarithm",
                base=base,
                got=f"{float(z[0, 0]):.4f}",
                expected=f"{float(truth('log_softmax', x)[0, 0]):.4f}",
            )
    expect_right("log_softmax", z, x, -1)


def test_dims(solution):
    """Every dim of a 3-d input, counted from either end, and both of a square one, where broadcasting hides a mistake."""
    x, square = torch.randn(3, 4, 5), torch.randn(6, 6)
    for name in FUNCTIONS:
        results, raised, calls = {}, {}, {}
        for dim in (0, 1, 2, -1, -2, -3):
            try:
                results[dim] = call(solution, name, x, dim)
            except ForbiddenCall:
                raise
            except Exception as error:
                raised[dim] = error
            calls[dim] = solution.call
        fine = {dim for dim, y in results.items() if close(name, y, truth(name, x, dim), slack(x)).all()}
        if all(dim in results and alike(results[dim], truth(name, x, -1)) for dim in (0, 1, -3)):
            solution.call = calls[0]
            got = Words("dim=0, dim=1 and dim=2 give the same", "dim=0、dim=1、dim=2 结果都一样")
            raise Mistake("dim_ignored", name=name, got=got)
        if {0, 1, 2} <= fine and not {-2, -3} & fine:
            got = Words("right for dim=0 and dim=1, wrong for dim=-3 and dim=-2", "dim=0、dim=1 对，dim=-3、dim=-2 错")
            raise Mistake("negative_dim", name=name, got=got)
        across, calls_across = [], []
        for dim in (0, 1):
            across.append(call(solution, name, square, dim))
            calls_across.append(solution.call)
        for dim, y in enumerate(across):
            if transposed(name, y, square, dim):
                solution.call = calls_across[dim]
                got = Words(
                    f"dim={dim} of a square input divides by the sums of the other axis",
                    f"方阵的 dim={dim} 除以了另一维的和",
                )
                raise Mistake("keepdim_missing", name=name, got=got)
        if raised:
            dim, error = next(iter(raised.items()))
            solution.call = calls[dim]
            raise error
        for dim, y in results.items():
            solution.call = calls[dim]
            expect_right(name, y, x, dim)
        for dim, y in enumerate(across):
            solution.call = calls_across[dim]
            expect_right(name, y, square, dim)


def transposed(name, y, x, dim):
    """Is y what a square x gives when the maximum or the sum (or both) is reduced without keepdim?"""
    wide, found = x.double(), False
    for keep_max, keep_sum in ((True, False), (False, True), (False, False)):
        e = wide - wide.amax(dim, keepdim=True) if keep_max else wide - wide.amax(dim)
        total = e.exp().sum(dim, keepdim=keep_sum)
        found |= alike(y, e.exp() / total if name == "softmax" else e - total.log())
    found |= name == "log_softmax" and alike(y, wide - wide.logsumexp(dim))
    return bool(found) and not alike(y, truth(name, x, dim))


def test_large_values(solution):
    """Values up to 10,000 either way, slices far from one another, entries far apart, and the largest finite floats.

    The named mistakes are formulas computed here in float32; one is named if it explains all the probes. `lead` tells
    the mean, which lies 80 below its leader, from a smaller shift: exp of 96 overflows. `other` has a shape that was not
    seen before, which tells a maximum kept from an earlier call.
    """
    base = torch.randn(4, 6) * 2
    lead = base / 20
    lead[:, 3] += 96
    rows = base + torch.tensor([[1000.0], [0.0], [-1000.0], [300.0]])
    wide = base.clone()
    wide[:, 2] += torch.tensor([500.0, 900.0, 2000.0, 700.0])
    probes = {
        "little": base - 60,
        "up": base + 1000,
        "down": base - 1000,
        "rows": rows,
        "wide": wide,
        "far": base * 3 + 10_000,
        "below": base * 3 - 10_000,
        "lead": lead,
        "other": torch.randn(3, 11) + 1000,
    }
    for name in FUNCTIONS:
        results, calls = {}, {}
        for key, x in probes.items():
            results[key] = call(solution, name, x, -1)
            calls[key] = solution.call
        bad = [
            key for key, y in results.items() if not close(name, y, truth(name, probes[key]), slack(probes[key])).all()
        ]
        if bad:
            x, y = probes[bad[0]], results[bad[0]]
            where = tuple((~close(name, y, truth(name, x), slack(x))).nonzero()[0].tolist())
            came, went = f"{float(y[where]):.6g}", f"{float(x[where]):.6g}"
            solution.call = calls[bad[0]]
            said = {
                "name": name,
                "got": Words(f"{came} at x = {went}", f"x = {went} 处为 {came}"),
                "expected": f"{float(truth(name, x)[where]):.6g}",
            }
            for id_, formula in shifts():
                if all(alike(y, formula(name, probes[key])) for key, y in results.items()):
                    raise Mistake(id_, **said)
        for key, x in probes.items():
            solution.call = calls[key]
            expect_right(name, results[key], x, -1)
    huge = torch.tensor([[3e38, 1.0, -3e38], [-3e38, -3.2e38, -3.4e38], [-1e30, 1e30, 0.0]])
    y = call(solution, "softmax", huge, -1)
    expect_equal(y, torch.tensor([[1.0, 0, 0], [1, 0, 0], [0, 1, 0]]))
    z = call(solution, "log_softmax", huge, -1)
    expect_equal(z.gather(1, torch.tensor([[0], [0], [1]])).abs(), torch.zeros(3, 1))
    half = torch.tensor([60000.0, -60000.0, 0.0, 500.0], dtype=torch.float16)
    expect_equal(call(solution, "softmax", half, -1), torch.tensor([1.0, 0, 0, 0], dtype=torch.float16))
    inside, beyond = (torch.tensor([top, -top, 0.0], dtype=torch.bfloat16) for top in (5e4, 1e6))
    for name, want in (("softmax", [1.0, 0, 0]), ("log_softmax", [0.0, -2e6, -1e6])):
        small, y = call(solution, name, inside, -1), call(solution, name, beyond, -1)
        if bool(y.isnan().any()) and not bool(small.isnan().any()):
            came, went = y.tolist(), beyond.tolist()
            got = Words(f"{came} at x = {went}", f"x = {went} 时为 {came}")
            raise Mistake("bfloat16_through_float16", name=name, got=got)
        expect_equal(y, torch.tensor(want, dtype=torch.bfloat16), rtol=4e-2)


def shifts():
    """The known unstable forms."""

    def shifted(by, after=lambda y: y):
        def formula(name, x):
            z = x - by(x)
            e = z.exp()
            return after(e / e.sum(-1, keepdim=True) if name == "softmax" else z - e.sum(-1, keepdim=True).log())

        return formula

    yield "no_shift", shifted(lambda x: 0.0)
    yield "global_max", shifted(lambda x: x.max())
    yield "shifted_by_the_mean", shifted(lambda x: x.mean(-1, keepdim=True))
    yield "shift_never_negative", shifted(lambda x: x.amax(-1, keepdim=True).clamp(min=0))
    yield "shifted_by_the_magnitude", shifted(lambda x: x.abs().amax(-1, keepdim=True))
    yield "nan_hidden", shifted(lambda x: 0.0, torch.nan_to_num)
    for bound in (20, 30, 40, 50, 60, 70, 80, 85, 87, 88, 100):
        yield "clamped", lambda name, x, bound=bound: truth(name, x.clamp(-bound, bound))
        yield "clamped", lambda name, x, bound=bound: shifted(lambda x: 0.0)(name, x.clamp(max=bound))


def test_minus_infinity(solution):
    """-inf entries: probability 0, logarithm -inf, the others as if they were not there, in value and in gradient."""
    x = torch.randn(6, 8) * 2
    x[0, 0] = x[1, 7] = x[2, 3] = -INF
    x[3, :5] = x[4, 3:] = x[5, 1:] = -INF
    away = x == -INF
    for name in FUNCTIONS:
        for offset, dim in ((0.0, -1), (-500.0, -1), (0.0, 0)):
            given = (x.t().contiguous() if dim == 0 else x) + offset
            y = call(solution, name, given, dim)
            y = y.t() if dim == 0 else y
            if offset == 0 and dim == -1 and bool(y.isnan().any()):
                raise Mistake(
                    "nan_from_minus_infinity", name=name, count=int(y.isnan().sum()), total=y.numel(), got="nan"
                )
            if name == "log_softmax" and bool(((y[away] > -INF) & (y[away] < -10_000)).all()):
                raise Mistake(
                    "finite_for_minus_infinity",
                    value=float(y[away][0]),
                    got=f"{float(y[away][0]):.4g}",
                    expected="-inf",
                )
            expect_right(name, y, x + offset, -1)
        low = torch.tensor([torch.finfo(torch.float32).min, -INF])  # finite, and as low as any stand-in for -inf
        y = call(solution, name, low, -1)
        if name == "softmax" and float(y[1]) > 0.4:
            raise Mistake("stand_in_for_minus_infinity", share=float(y[1]), got=f"{float(y[1]):.3g}", expected="0")
        expect_equal(y, torch.tensor([0.0, -INF] if name == "log_softmax" else [1.0, 0.0]))
        given = x.clone().requires_grad_()
        g = torch.randn(6, 8)
        if name == "log_softmax":
            g[away] = 0.0
        y = call(solution, name, given, -1)
        if not y.requires_grad:
            shown = solution.call
            if call(solution, name, torch.randn(6, 8).requires_grad_(), -1).requires_grad:
                solution.call = shown
                expected = Words("as without -inf", "与不含 -inf 时一样")
                raise Mistake("cut_by_minus_infinity", name=name, got="requires_grad=False", expected=expected)
            continue  # told by the check of the gradient
        grad = gradient(y, g, given)
        count, total = int((~grad.isfinite()).sum()), grad.numel()
        expect(
            bool(grad.isfinite().all()),
            f"the gradient of {name} is not finite when x holds -inf",
            f"x 含 -inf 时 {name} 的梯度不是有限值",
            got=Words(f"{count} of {total} not finite", f"{total} 个中有 {count} 个不是有限值"),
        )
        expect_equal(grad.double(), closed_form(name, given, g, -1), atol=2e-5)


def gradient(y, g, x):
    x.grad = None
    torch.where(g == 0, 0.0, y * g).sum().backward()
    return expect_tensor(x.grad, shape=x.shape)


def closed_form(name, x, g, dim):
    """softmax: y(g − Σgy); log_softmax: g − y·Σg."""
    y, g = truth("softmax", x.detach(), dim), g.double()
    return y * (g - (g * y).sum(dim, keepdim=True)) if name == "softmax" else g - y * g.sum(dim, keepdim=True)


def test_log_tail(solution):
    """Far in the tail the logarithm is x minus the logsumexp, long after the probability has become zero."""
    x = torch.tensor(
        [
            [0.0, -15.0, -30.0, -60.0, -90.0, -120.0, -200.0, -1000.0],
            [3.0, -40.0, 2.5, -80.0, -110.0, -300.0, -400.0, -50_000.0],
        ]
    )
    y, want = call(solution, "log_softmax", x, -1), truth("log_softmax", x)
    if bool((y == -INF).any()):
        depth, highest = float(want[y == -INF].amax()), f"{float(x[y == -INF].amax()):g}"
        got = Words(f"-inf for x = {highest}", f"x = {highest} 处为 -inf")
        raise Mistake("log_of_softmax", depth=depth, got=got, expected=f"{depth:.4f}")
    floor, deep = float(y[0, -1]), want < -100
    if bool(((y - floor).abs() <= 1e-3)[deep].all()):
        got = Words(f"{floor:.4g} at x = -200 and at x = -1000", f"x = -200 与 x = -1000 处都是 {floor:.4g}")
        raise Mistake("log_has_a_floor", floor=floor, got=got, expected=Words("-200 and -1000", "-200 与 -1000"))
    expect_right("log_softmax", y, x, -1)
    probabilities = torch.tensor([0.0, -20.0, -50.0, -80.0])
    expect_right("softmax", call(solution, "softmax", probabilities, -1), probabilities, -1)


def test_gradient(solution):
    """The gradient of each function is its closed form, over either dim, at moderate and at large values.

    Also where another call, of the same shape and over the other dim, comes between the two passes: a gradient that was
    right without it and is wrong with it was made from what the latest call left behind.
    """
    for name in FUNCTIONS:
        for dim, offset in ((-1, 0.0), (0, 0.0), (1, 1000.0)):
            x = (torch.randn(5, 6) + offset).requires_grad_()
            g = torch.randn(5, 6)
            y = call(solution, name, x, dim)
            if not y.requires_grad:
                raise Mistake("no_gradient", name=name, got="requires_grad=False", expected="requires_grad=True")
            grad = gradient(y, g, x)
            p, upstream = truth("softmax", x.detach(), dim), g.double()
            top = (x == x.amax(dim, keepdim=True)).double()
            direct, diagonal = (p * upstream, p * (1 - p) * g) if name == "softmax" else (upstream, (1 - p) * g)
            wrong = (
                ("denominator_detached", direct),
                ("diagonal_only", diagonal),
                ("denominator_detached", direct - top * direct.sum(dim, keepdim=True)),
            )
            for id_, formula in wrong:
                if offset == 0 and alike(grad, formula):
                    raise Mistake(
                        id_,
                        name=name,
                        got=f"{float(grad[0, 0]):.4f}",
                        expected=f"{float(closed_form(name, x, g, dim)[0, 0]):.4f}",
                    )
            expect_equal(grad.double(), closed_form(name, x, g, dim), atol=8 * slack(x))
        x, other, g = torch.randn(6, 6).requires_grad_(), torch.randn(6, 6).requires_grad_(), torch.randn(6, 6)
        y = call(solution, name, x, -1)
        shown = solution.call
        call(solution, name, other, 0)
        solution.call = shown
        grad, want = gradient(y, g, x).double(), closed_form(name, x, g, -1)
        if not bool(((grad - want).abs() <= 8 * slack(x)).all()):
            alone = gradient(call(solution, name, x, -1), g, x)
            solution.call = shown
            if alike(alone, want):
                said = {"got": f"{float(grad[0, 0]):.4f}", "expected": f"{float(want[0, 0]):.4f}"}
                raise Mistake("backward_of_the_latest", name=name, **said)
            expect_equal(grad, want, atol=8 * slack(x))


def test_dtypes(solution):
    """Each floating dtype comes back as it went in, with values as accurate as that dtype allows (float64: as float32).

    Gradients too: of upstream gradients below 1/2, within four times the values' bound, for they round more often.
    """
    for name in FUNCTIONS:
        for dtype, tol in ((torch.float16, 1e-2), (torch.bfloat16, 4e-2), (torch.float32, 1e-5), (torch.float64, 1e-5)):
            x = (torch.rand(4, 9) * 4 - 2).to(dtype).requires_grad_()
            y = call(solution, name, x, -1)
            if y.dtype is not dtype:
                raise Mistake(
                    "promoted" if dtype in (torch.float16, torch.bfloat16) else "float32_only",
                    name=name,
                    went=name_of(dtype),
                    came=name_of(y.dtype),
                    got=name_of(y.dtype),
                    expected=name_of(dtype),
                )
            expect_right(name, y, x, -1, tol)
            if not y.requires_grad:
                shown = solution.call
                if call(solution, name, torch.randn(4, 9).requires_grad_(), -1).requires_grad:
                    solution.call = shown
                    raise Mistake("no_gradient_in_half", name=name, went=name_of(dtype), got="requires_grad=False")
                continue  # told by the check of the gradient
            g = (torch.rand(4, 9) - 0.5).to(dtype)
            expect_equal(gradient(y, g, x).double(), closed_form(name, x, g, -1), atol=4 * tol)


def test_shapes(solution):
    """1-d, one element, a dim of one, empty batches, 4-d, a long slice; transposed, sliced and expanded inputs."""
    for name in FUNCTIONS:
        for shape, dim in (
            ((9,), 0),
            ((9,), -1),
            ((1,), 0),
            ((4, 1), 1),
            ((0, 5), 1),
            ((3, 0, 4), -1),
            ((2, 3, 4, 5), 1),
            ((2, 3, 4, 5), -4),
        ):
            x = torch.randn(shape)
            y = expect_tensor(getattr(solution, name)(x, dim))
            if y.shape != x.shape and y.shape == x.squeeze().shape:
                raise Mistake("squeezed", name=name, went=str(shape), came=str(tuple(y.shape)))
            expect_right(name, expect_tensor(y, shape=shape), x, dim)
        x = torch.randn(2, 700)
        expect_right(name, call(solution, name, x, 1), x, 1, 1e-4)  # the roundings of 700 additions
        views = (
            torch.randn(6, 5).t(),
            torch.randn(4, 5, 6).permute(2, 0, 1),
            torch.randn(8, 9)[::2, 1:7],
            torch.randn(1, 7).expand(4, 7),
        )
        for x, dim in zip(views, (-1, -1, 0, 1), strict=True):
            try:
                y = call(solution, name, x, dim)
            except RuntimeError as error:
                if not any(word in str(error) for word in ("stride", "contiguous")):
                    raise
                shown = solution.call
                call(solution, name, x.contiguous(), dim)
                solution.call = shown
                raise Mistake(
                    "contiguous_only",
                    name=name,
                    shape=str(tuple(x.shape)),
                    got="RuntimeError",
                    expected=Words("as for x.contiguous()", "与 x.contiguous() 一样"),
                ) from None
            expect_right(name, y, x, dim)


def test_input_untouched(solution):
    """x holds the same bits after the call, with a gradient asked for and without, and under no_grad."""
    for name in FUNCTIONS:
        for dtype, dim in ((torch.float32, -1), (torch.float32, 0), (torch.float64, -1), (torch.float16, 1)):
            x = torch.randn(5, 6).to(dtype) + 1
            x[1, 2] = -INF
            with torch.set_grad_enabled(dtype is not torch.float64):
                y = call(solution, name, x, dim)
            if solution.changed:
                raise Mistake("changes_the_input", name=name)
            if dtype is torch.float64:
                expect_right(name, y, x, dim)
        call(solution, name, (torch.randn(5, 6) + 1).requires_grad_(), -1)
        if solution.changed:
            raise Mistake("changes_the_input_in_training", name=name)


def test_device(solution):
    """The result lives where x lives: seen with a tensor that poses as living on another device."""
    for name in FUNCTIONS:
        match solution.device_of(name, torch.randn(4, 5), 1):
            case "mixed":
                got = Words("a CPU tensor met x on another device", "CPU 上的张量遇到了另一个 device 上的 x")
                raise Mistake("made_on_cpu", name=name, got=got)
            case "here":
                raise Mistake("made_on_cpu", name=name, got=Words("the result stayed on the CPU", "结果留在了 CPU 上"))
