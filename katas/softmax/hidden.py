"""Checks for `softmax(x, dim=-1)` and `log_softmax(x, dim=-1)`.

Nothing here is random but the inputs. The truth is torch's own function in float64. A right float32 answer may shift
by the slice's maximum, or subtract a logsumexp, whose rounding is that of the largest |x|: `slack` allows 32 units of
it, relative for a probability, absolute for a logarithm. Those sums are short, so a plain loop stays far inside.
"""

import math

import torch

from interview.grading.checks.expect import expect_equal, expect_tensor, name_of
from interview.grading.checks.generic import expect_default, expect_from_scratch, expect_on_device, expect_untouched
from interview.grading.checks.oracle import Case, Function

INF = math.inf


def slack(x):
    """32 units of the last place of the largest finite |x|, and at least of 1."""
    finite = x.detach().double().abs()
    return 32 * 2.0**-23 * (1 + float(finite[finite < INF].amax())) if x.numel() else 0.0


# Probabilities below the smallest normal float32 may be flushed to zero.
soft = Function("softmax", lambda x, dim=-1: torch.softmax(x, dim), lambda x: (2e-38, slack(x)))
log = Function("log_softmax", lambda x, dim=-1: torch.log_softmax(x, dim), lambda x: (slack(x), slack(x)))
BOTH = (soft, log)


def cases(function, *inputs, dim=-1, g=None):
    return [Case(x, (dim,), g=g, facts={"name": function.name}) for x in inputs]


def test_from_scratch(solution):
    """No ready-made softmax is called, whether or not its refusal is caught."""
    calls = [lambda f=f: getattr(solution, f.name)(torch.randn(3, 4), 1) for f in BOTH]
    expect_from_scratch(solution, *calls)


def test_interface(solution):
    """Positional and keyword arguments, dim = -1 by default (with two axes 1 is -1 too), a tensor like x."""
    x, deep, seen = torch.randn(4, 6), torch.randn(3, 4, 5), []
    for f in BOTH:
        function = getattr(solution, f.name)
        f.accepts(solution, [Case(x), Case(x, (0,)), Case(x, (), {"dim": 1})])
        keyword = function(x=x, dim=1)
        seen += [(f, function(given), solution.call, function(given, -1)) for given in (x, deep)]
        expect_equal(keyword, function(x, -1), rtol=1e-6, atol=1e-6)
    for f, plain, shown, spelled in seen:
        expect_default(solution, plain, spelled, "dim", -1, shown, of=f.name)


def test_input_untouched(solution):
    """x holds the same bits after the call, with a gradient asked for and without, and under no_grad."""
    for f in BOTH:
        function = getattr(solution, f.name)
        for dtype, dim in ((torch.float32, -1), (torch.float32, 0), (torch.float64, -1), (torch.float16, 1)):
            x = torch.randn(5, 6).to(dtype) + 1
            x[1, 2] = -INF
            with torch.set_grad_enabled(dtype is not torch.float64):
                expect_untouched(solution, [(dtype, lambda x=x, dim=dim: function(x, dim))], name=f.name)
        given = (torch.randn(5, 6) + 1).requires_grad_()
        expect_untouched(solution, [(given.dtype, lambda given=given: function(given, -1))], name=f.name)
    with torch.no_grad():
        for f in BOTH:
            f.agrees(solution, cases(f, torch.randn(5, 6).double()))


def test_values(solution):
    """The formula on moderate values, and a sum of exactly one.

    Where one entry leads by 200 every stable form gives exactly 1 in float32: the other terms underflow, the sum is 1.
    """
    x = torch.randn(5, 7) * 2
    leaders = torch.tensor([[0.0, -200.0, -200.0], [0.0, 0.0, -200.0]])
    soft.agrees(solution, cases(soft, x))
    soft.agrees(solution, cases(soft, *leaders), tol=4 * 2.0**-23)
    log.agrees(solution, cases(log, x))


def test_dims(solution):
    """Every dim of a 3-d input, counted from either end, and both of a square one, where broadcasting hides a mistake."""
    x, square = torch.randn(3, 4, 5), torch.randn(6, 6)
    for f in BOTH:
        asked = [each for dim in (0, 1, 2, -1, -2, -3) for each in cases(f, x, dim=dim)]
        f.agrees(solution, [*cases(f, square, dim=0), *cases(f, square, dim=1), *asked])


def test_large_values(solution):
    """Values up to 10,000 either way, slices far from one another, entries far apart, and the largest finite floats.

    `lead` tells the mean, which lies 80 below its leader, from a smaller shift: exp of 96 overflows. The last probe has a
    shape that was not seen before, which tells a maximum kept from an earlier call.
    """
    base = torch.randn(4, 6) * 2
    lead = base / 20
    lead[:, 3] += 96
    rows = base + torch.tensor([[1000.0], [0.0], [-1000.0], [300.0]])
    wide = base.clone()
    wide[:, 2] += torch.tensor([500.0, 900.0, 2000.0, 700.0])
    probes = (
        base - 60,
        base + 1000,
        base - 1000,
        rows,
        wide,
        base * 3 + 1e4,
        base * 3 - 1e4,
        lead,
        torch.randn(3, 11) + 1000,
    )
    huge = torch.tensor([[3e38, 1.0, -3e38], [-3e38, -3.2e38, -3.4e38], [-1e30, 1e30, 0.0]])
    beyond = torch.tensor([[5e4, -5e4, 0.0], [1e6, -1e6, 0.0]]).bfloat16()
    for f in BOTH:
        f.agrees(solution, cases(f, *probes, *beyond))
    soft.agrees(solution, cases(soft, huge, torch.tensor([60000.0, -60000.0, 0.0, 500.0]).half()))
    tops = [expect_tensor(solution.log_softmax(row, -1), shape=row.shape).max().abs() for row in huge]
    expect_equal(torch.stack(tops), torch.zeros(3))


def test_minus_infinity(solution):
    """-inf entries: probability 0, logarithm -inf, the others as if they were not there, in value and in gradient.

    Beside the lowest finite float32 as well, which is as low as any stand-in for -inf.
    """
    x = torch.randn(6, 8) * 2
    x[0, 0] = x[1, 7] = x[2, 3] = -INF
    x[3, :5] = x[4, 3:] = x[5, 1:] = -INF
    low, g = torch.tensor([torch.finfo(torch.float32).min, -INF]), torch.randn(6, 8)
    for f in BOTH:
        f.agrees(solution, [*cases(f, x, x - 500, low), *cases(f, x.t().contiguous(), dim=0)])
        f.agrees_in_gradients(solution, cases(f, x, g=g if f is soft else g.where(x > -INF, 0.0)), tol=2e-5)


def test_log_tail(solution):
    """Far in the tail the logarithm is x minus the logsumexp, long after the probability has become zero."""
    tail = torch.tensor([[0.0, -15.0, -30.0, -60.0, -90.0, -120.0, -200.0, -1000.0],
                         [3.0, -40.0, 2.5, -80.0, -110.0, -300.0, -400.0, -50_000.0]])  # fmt: skip
    log.agrees(solution, cases(log, *tail))
    soft.agrees(solution, cases(soft, torch.tensor([0.0, -20.0, -50.0, -80.0])))


def test_gradient(solution):
    """The gradient of each function is that of its formula, over either dim, at moderate and at large values.

    Also where another call, of the same shape, comes between the two passes.
    """
    for f in BOTH:
        for dim, offset in ((-1, 0.0), (0, 0.0), (1, 1000.0)):
            x = torch.randn(5, 6) + offset
            f.agrees_in_gradients(solution, cases(f, x, dim=dim), tol=8 * slack(x))
        square = torch.randn(6, 6)
        f.agrees_in_gradients(solution, cases(f, square), tol=8 * slack(square), between=True)


def test_dtypes(solution):
    """Each floating dtype comes back as it went in, with values as accurate as that dtype allows (float64: as float32).

    Gradients too: of upstream gradients below 1/2, within a few times the values' bound, for they round more often.
    """
    for f in BOTH:
        for dtype in (torch.float16, torch.bfloat16, torch.float32, torch.float64):
            x, g = (torch.rand(4, 9) * 4 - 2).to(dtype), (torch.rand(4, 9) - 0.5).to(dtype)
            facts = {"name": f.name, "went": name_of(dtype)}
            f.agrees(solution, [Case(x, (-1,), facts=facts)], tol=1e-5)
            f.agrees_in_gradients(solution, [Case(x, (-1,), g=g, facts=facts)], tol=4e-5)


def test_shapes(solution):
    """1-d, one element, a dim of one, empty batches, 4-d, a long slice; transposed, sliced and expanded inputs."""
    shapes = (
        ((9,), 0),
        ((9,), -1),
        ((1,), 0),
        ((4, 1), 1),
        ((0, 5), 1),
        ((3, 0, 4), -1),
        ((2, 3, 4, 5), 1),
        ((2, 3, 4, 5), -4),
    )
    views = ((torch.randn(6, 5).t(), -1), (torch.randn(4, 5, 6).permute(2, 0, 1), -1), (torch.randn(8, 9)[::2, 1:7], 0),
             (torch.randn(1, 7).expand(4, 7), 1))  # fmt: skip
    for f in BOTH:
        f.agrees(solution, [each for shape, dim in shapes for each in cases(f, torch.randn(shape), dim=dim)])
        f.agrees(solution, cases(f, torch.randn(2, 700)), tol=1e-4)  # the roundings of 700 additions
        f.agrees(solution, [each for x, dim in views for each in cases(f, x, dim=dim)])


def test_device(solution):
    """The result lives where x lives: seen with a tensor that poses as living on another device."""
    expect_on_device(*(lambda f=f: solution.device_of(f.name, torch.randn(4, 5), 1) for f in BOTH))
