"""Checks for `new_kata(x, negative_slope=0.01)`.

TO WRITE: what is random here beside the inputs, what the truth is, and why no right answer strays as far as `tol`.
"""

import torch

from interview.grading.checks.expect import name_of
from interview.grading.checks.generic import (
    expect_default,
    expect_from_scratch,
    expect_on_device,
    expect_spelled,
    expect_untouched,
)
from interview.grading.checks.oracle import Case, Function


def truth(x, negative_slope=0.01):
    """TO WRITE: the formula, plainly. It is given x in float64; its gradients are autograd's."""
    return torch.where(x > 0, x, x * negative_slope)


asked = Function("new_kata", truth, tol=1e-5)


def test_from_scratch(solution):
    """No ready-made function is called, whether or not its refusal is caught."""
    expect_from_scratch(solution, lambda: solution.new_kata(torch.randn(3, 4)))


def test_interface(solution):
    """By position and by keyword, the default of the statement, a tensor like x."""
    x = torch.randn(3, 4)
    expect_spelled(lambda: solution.new_kata(x=x, negative_slope=0.5), ("x", "negative_slope"))
    asked.accepts(solution, [Case(x), Case(x, (0.5,)), Case(x, (), {"negative_slope": 0.5})])
    plain, shown = solution.new_kata(x), solution.call
    expect_default(solution, plain, solution.new_kata(x, 0.01), "negative_slope", 0.01, shown)


def test_input_untouched(solution):
    """x holds the same bits after the call, in every dtype."""
    for dtype in (torch.float32, torch.float64, torch.float16):
        x = torch.randn(4, 5).to(dtype)
        expect_untouched(solution, [(dtype, lambda x=x: solution.new_kata(x))])


def test_values(solution):
    """The formula, at several slopes; equal values too, which a maximum or a sort would part."""
    ties = torch.tensor([[-1.0, -1.0, 2.0, 2.0], [0.0, 0.0, 0.0, -3.0]])
    asked.agrees(solution, [Case(torch.randn(5, 7)), Case(torch.randn(4, 3, 2), (0.3,)), Case(ties, (0.5,))])


def test_gradient(solution):
    """The gradient of x is that of the formula, also where another call comes between forward and backward."""
    asked.agrees_in_gradients(solution, [Case(torch.randn(5, 6)), Case(torch.randn(4, 3), (0.5,))])
    asked.agrees_in_gradients(solution, [Case(torch.randn(5, 6), (0.5,))], between=True)


def test_dtypes(solution):
    """Each floating dtype comes back as it went in, as accurate as it allows."""
    dtypes = (torch.float16, torch.bfloat16, torch.float32, torch.float64)
    asked.agrees(solution, [Case(torch.randn(4, 9).to(dtype), facts={"went": name_of(dtype)}) for dtype in dtypes])


def test_shapes(solution):
    """No axis, one, four, none of any length; transposed, sliced and expanded inputs."""
    shapes = ((), (1,), (0, 5), (2, 3, 4, 5))
    views = (torch.randn(6, 5).t(), torch.randn(8, 9)[::2, 1:7], torch.randn(1, 7).expand(4, 7))
    asked.agrees(solution, [*(Case(torch.randn(shape)) for shape in shapes), *map(Case, views)])


def test_device(solution):
    """What is made lives where x lives: seen with a tensor that poses as living elsewhere."""
    expect_on_device(lambda: solution.device_of("new_kata", torch.randn(4, 5)))
