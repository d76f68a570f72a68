"""Eval: nothing is drawn."""

from __future__ import annotations

from interview.grading.checks.check import check
from interview.grading.checks.dropout_family.base import LIVE, Base, gradient_of, unscaled
from interview.grading.checks.expect import Mistake, Words, expect_equal
from interview.grading.checks.masks import same, signed
from interview.grading.checks.solution import Solution
from interview.grading.checks.statistics import rate_holds

__all__ = ["Quiet"]

SETTINGS = (0.3, 0.8, 0.5, 0.0, 1.0)
TELLING = (0.3, 0.8)  # where a wrong scale and a wrong flag show


class Quiet(Base):
    """The checks of this module."""

    @check
    def eval_identity(self, solution: Solution) -> None:
        """In eval the values are those of x, bit by bit, for every p, and the gradient is one; or both are scaled as
        the kata asks. 744 coins.
        """
        calls = [(self.lay(24, 31), p, False) for p in SETTINGS]
        for (x, p, _), y in zip(calls, self.forwards(solution, calls), strict=True):
            want = x * self.still(p)
            if p in TELLING and not same(y, want, 1e-3).all():
                for each in self.wrong_evals:
                    if same(y, x * each.scale(p), max(self.exact, 1e-6)).all():
                        got, expected = f"y/x = {each.scale(p):.4g}", f"y/x = {self.still(p):.4g}"
                        raise Mistake(each.id, p=p, ratio=each.scale(p), got=got, expected=expected)
                coins = self.coins(y)
                dropped, n = coins.numel() - int(coins.sum()), coins.numel()
                if dropped and rate_holds(dropped, n, p):
                    expected = "x" if self.still is unscaled else f"y/x = {self.still(p):.4g}"
                    raise Mistake(
                        "drops_in_eval", share=dropped / n, p=p, got=Words("zeros", "出现了零"), expected=expected
                    )
            if p == 1.0 and self.still(p) and bool((y == 0).all()):
                raise Mistake("zeros_in_eval_at_one", got=Words("all zeros", "全零"), expected="x")
            expect_equal(y, want, rtol=0.0 if self.still is unscaled else self.exact, dtype=False)
        shape = self.unit.shape(13, 17)
        for p in (0.4,) if self.still is unscaled else (0.3, 0.8, 0.0, 1.0):
            x, g = signed(*shape).requires_grad_(), signed(*shape)
            y = self.forward(solution, x, p, training=False)
            if not y.requires_grad:
                raise Mistake("eval_without_gradient", p=p, **LIVE)
            (y * g).sum().backward()
            expect_equal(gradient_of(x), g * self.still(p), rtol=0.0 if self.still is unscaled else self.exact)

    @check
    def eval_repeats(self, solution: Solution) -> None:
        """The same input in eval gives the same bits, whatever the generator's state."""
        x = self.lay(24, 31)
        first = self.forward(solution, x, 0.6, training=False)
        for seed in (1, 2, 3):
            with solution.seeded(seed):
                expect_equal(self.forward(solution, x, 0.6, training=False), first)
