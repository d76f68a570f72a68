"""Eval: nothing is drawn."""

from __future__ import annotations

import torch

from interview.grading.checks.check import check
from interview.grading.checks.dropout_family.base import LIVE, Base, gradient_of, unscaled
from interview.grading.checks.expect import Mistake, Words, expect_equal
from interview.grading.checks.masks import same
from interview.grading.checks.solution import Solution
from interview.grading.checks.statistics import rate_holds

__all__ = ["Quiet"]

SETTINGS = (0.3, 0.8, 0.5, 0.0, 1.0, 0.1, 0.037)
TELLING = (0.3, 0.8)  # where a wrong scale and a wrong flag show


class Quiet(Base):
    """The checks of this module."""

    @check
    def eval_identity(self, solution: Solution) -> None:
        """In eval the values are those of x, bit by bit, for every p, and the gradient is one; or both are scaled as
        the kata asks. 744 coins.
        """
        calls = [(self.lay(24, 31), p, False) for p in SETTINGS if p <= self.upper]
        seen, shown = {}, {}
        for (x, p, _), y in zip(calls, self.forwards(solution, calls), strict=True):
            seen[p], shown[p] = (x, y), solution.call
        solution.call = shown[0.3]
        self.name_the_eval(seen)
        exact = 0.0 if self.still is unscaled else self.exact
        for p, (x, y) in seen.items():
            solution.call = shown[p]
            if p == 1.0 and self.still(p) and bool((y == 0).all()):
                raise Mistake("zeros_in_eval_at_one", got=Words("all zeros", "全零"), expected="x")
            expect_equal(y, x * self.still(p), rtol=exact, dtype=False)
        with torch.no_grad():  # as eval is mostly run
            x = self.lay(24, 31)
            expect_equal(self.forward(solution, x, 0.3, training=False), x * self.still(0.3), rtol=exact, dtype=False)
        for p in (0.4,) if self.still is unscaled else (0.3, 0.8, 0.0, 1.0):
            x, g = self.lay(13, 17).requires_grad_(), self.lay(13, 17)
            y = self.forward(solution, x, p, training=False)
            if not y.requires_grad:
                raise Mistake("eval_without_gradient", p=p, **LIVE)
            (y * g).sum().backward()
            expect_equal(gradient_of(x), g * self.still(p), rtol=exact)

    def name_the_eval(self, seen: dict[float, tuple[torch.Tensor, torch.Tensor]]) -> None:
        """What is known to be wrong, if it explains p = 0.3 and p = 0.8."""
        both = [(p, *seen[p]) for p in TELLING]
        if any(same(y, x * self.still(p), 1e-3).all() for p, x, y in both):
            return
        expected = "y/x = 1" if self.still is unscaled else f"y/x = {self.still(0.3):.4g}"
        for each in self.wrong_evals:
            if all(same(y, x * each.scale(p), max(self.exact, 1e-6)).all() for p, x, y in both):
                ratio = each.scale(0.3)
                raise Mistake(each.id, p=0.3, ratio=ratio, got=f"y/x = {ratio:.4g}", expected=expected)
        coins = {p: self.coins(self.seen(x, y, p)) for p, x, y in both}
        dropped = {p: (int((~each).sum()), each.numel()) for p, each in coins.items()}
        if all(zeros and rate_holds(zeros, n, p) for p, (zeros, n) in dropped.items()):
            zeros, n = dropped[0.3]
            raise Mistake("drops_in_eval", share=zeros / n, p=0.3, got=Words("zeros", "出现了零"), expected=expected)

    @check
    def eval_repeats(self, solution: Solution) -> None:
        """The same input in eval gives the same bits, whatever the generator's state."""
        x = self.lay(24, 31)
        came = self.forwards(solution, [(x, 0.6, False)] * 4)  # each call has a seed of its own
        first = next(came)
        for y in came:
            expect_equal(y, first)
