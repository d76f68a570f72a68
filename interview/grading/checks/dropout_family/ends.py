"""The ends of the range: p = 0 keeps all, p = 1 keeps nothing, and both have a gradient."""

from __future__ import annotations

import torch

from interview.grading.checks.callers import beside
from interview.grading.checks.check import check
from interview.grading.checks.dropout_family.base import ALL_ZEROS, LIVE, Base, gradient_of
from interview.grading.checks.expect import Mistake, Words, expect, expect_equal, expect_tensor
from interview.grading.checks.solution import Solution

__all__ = ["Ends"]


class Ends(Base):
    """The checks of this module."""

    @check
    def p_zero(self, solution: Solution) -> None:
        """p = 0 keeps every value, exactly where a kata asks for 4 ulp, and the gradient is one everywhere."""
        x = self.lay(13, 17).requires_grad_()
        y = self.at_an_end(solution, x, 0.0)
        if bool((y == 0).all()):
            raise Mistake("zeros_at_zero", got=ALL_ZEROS, expected="x")
        expect_equal(y, x, rtol=self.unchanged)
        if not y.requires_grad:
            raise Mistake("detached_at_zero", **LIVE)
        y.sum().backward()
        expect_equal(gradient_of(x), torch.ones_like(x), rtol=self.unchanged)

    @check
    def p_one(self, solution: Solution) -> None:
        """p = 1 gives zeros; the gradient exists and is zero. No NaN from 0 · 1/0."""
        x = self.lay(13, 17).requires_grad_()
        y = expect_tensor(self.at_an_end(solution, x, 1.0), dtype=x.dtype)
        if y.isnan().any():
            raise Mistake("nan_at_one", count=int(y.isnan().sum()), total=y.numel(), got="nan", expected="0")
        expect_equal(y.abs(), torch.zeros_like(x))
        if not y.requires_grad:
            with beside(solution):
                flows = self.forward(solution, self.lay(13, 17).requires_grad_(), 0.3).requires_grad
            expect(
                flows, "no gradient flows at p = 1, and none at p = 0.3", "p = 1 时没有梯度，p = 0.3 时也没有", **LIVE
            )
            raise Mistake("detached_at_one", **LIVE)
        y.sum().backward()
        if x.grad is None:
            raise Mistake("leaf_at_one", got=Words("x.grad is None", "x.grad 为 None"), expected=ALL_ZEROS)
        if x.grad.isnan().any():
            raise Mistake("nan_gradient_at_one", got="nan", expected="0")
        expect_equal(x.grad.abs(), torch.zeros_like(x))

    def at_an_end(self, solution: Solution, x: torch.Tensor, p: float) -> torch.Tensor:
        """A call in training. To divide by zero there, or on the way to it, is a mistake with a name."""
        try:
            return self.forward(solution, x, p)
        except ZeroDivisionError as error:
            raise Mistake("divides_by_zero", p=p, got=str(error)) from None
