"""The gradient: the mask of the call it belongs to, scaled as the values are."""

from __future__ import annotations

from typing import Any

import torch

from interview.grading.checks.callers import beside, worker
from interview.grading.checks.check import check
from interview.grading.checks.dropout_family.base import LIVE, VIEW, Base, gradient_of, share_of
from interview.grading.checks.expect import Mistake, Words, Wrong, expect, expect_equal, expect_tensor, suppose
from interview.grading.checks.masks import same, signed
from interview.grading.checks.solution import Solution, SubmissionError
from interview.grading.checks.statistics import rate_holds

__all__ = ["Gradient"]


class Gradient(Base):
    """The checks of this module."""

    @check
    def gradient(self, solution: Solution) -> None:
        """dL/dx is the mask times the upstream gradient, scaled as the values are, with this call's own mask.

        Its own also when another call comes before backward; and a zero of x has a gradient like any other. Beside a
        skip connection, and for one x used twice, gradients add up.
        """
        for p in (0.3, 0.8):
            x, g = self.lay(40, 50).requires_grad_(), self.lay(40, 50)
            y = self.forward(solution, x, p)
            if not y.requires_grad:
                raise Mistake("no_gradient", **LIVE)
            alive = y.detach() != 0
            (y * g).sum().backward()
            if not same(gradient_of(x), self.want(alive, g, p), self.exact).all():
                self.name_the_gradient(gradient_of(x), g, alive, y.detach(), x.detach(), p)
            self.expect_usual_coins(solution, alive, p)
        self.expect_mask_of_the_call(solution)
        if self.unit.axes is None:
            self.expect_gradient_of_zeros(solution)
            self.expect_sum(solution)
        else:
            self.expect_gradient_in_holes(solution)

    def name_the_gradient(
        self, grad: torch.Tensor, g: torch.Tensor, alive: torch.Tensor, y: torch.Tensor, x: torch.Tensor, p: float
    ) -> None:
        """The known wrong ones; else what differs."""
        scale = self.scale(p)
        ratio = f"grad/g = {float((grad / g)[alive].median()):.4g}"
        said: dict[str, Any] = {
            "p": p,
            "got": Words(f"{ratio} where kept", f"保留处 {ratio}"),
            "expected": f"{scale:.4g}",
        }
        if same(grad, g, self.exact).all():
            raise Mistake("straight_through", **said)
        scaled = same(y, x * scale, self.exact)[alive].all()
        if scale != 1 and scaled and same(grad, torch.where(alive, g, 0), self.exact).all():
            raise Mistake("gradient_unscaled", **said)
        if scale == 1 and same(grad, torch.where(alive, g / (1 - p), 0), self.exact).all():
            raise Mistake("gradient_scaled", ratio=1 / (1 - p), **said)
        wrong, total = self.other_coins(grad, alive)
        hit = same(grad, g * scale, self.exact) | (grad == 0)
        if hit.all() and rate_holds(wrong, total, 2 * p * (1 - p)):
            raise Mistake("gradient_of_another_mask", p=p, wrong=wrong, total=total)
        expect_equal(grad, self.want(alive, g, p), rtol=self.exact)

    def other_coins(self, grad: torch.Tensor, alive: torch.Tensor) -> tuple[int, int]:
        """How many units have a gradient where they were dropped, or none where they were kept; of how many."""
        differ = self.unit.coins((grad != 0) != alive)
        return int(differ.sum()), differ.numel()

    def expect_usual_coins(self, solution: Solution, alive: torch.Tensor, p: float) -> None:
        """An x that needs a gradient is dropped as any other."""
        coins = self.unit.coins(alive).reshape(40, 50)
        dropped, n = int((~coins).sum()), coins.numel()
        alike = not self.unit.flat and (bool((coins == coins[:1]).all()) or bool((coins == coins[:, :1]).all()))
        right = self.unit.whole(alive) and rate_holds(dropped, n, p) and not alike
        if not right:
            self.suppose_usual(solution, p)
        expect(
            right,
            "the drops are not right where x needs a gradient", "x 需要梯度时丢弃得不对",
            got=f"{dropped / n:.3f}", expected=f"{p}",
        )  # fmt: skip

    def expect_mask_of_the_call(self, solution: Solution) -> None:
        """Another call between forward and backward changes nothing."""
        p = 0.3
        x, g = self.lay(40, 50).requires_grad_(), self.lay(40, 50)
        layer = self.call.standing(solution, p)
        y = self.seen(x, layer(x), p)
        call = solution.call
        layer(self.lay(40, 50).requires_grad_())
        solution.call = call
        (y * g).sum().backward()
        alive = y.detach() != 0
        grad = gradient_of(x)
        if same(grad, self.want(alive, g, p), self.exact).all():
            return
        wrong, total = self.other_coins(grad, alive)
        if rate_holds(wrong, total, 2 * p * (1 - p)):
            raise Mistake("mask_of_latest_call", wrong=wrong, total=total)
        expect_equal(grad, self.want(alive, g, p), rtol=self.exact)

    def expect_gradient_of_zeros(self, solution: Solution) -> None:
        """Among zeros of x gradients are missing at rate p."""
        p, n = 0.3, 1000
        x = torch.where(torch.arange(2 * n).reshape(40, 50) % 2 == 0, 0.0, self.draw(40, 50)).requires_grad_()
        g = signed(40, 50)
        (self.forward(solution, x, p) * g).sum().backward()
        grad, zeros = gradient_of(x), x.detach() == 0
        none = int((grad[zeros] == 0).sum())
        if none == n:
            with beside(solution):
                own = self.fair(self.sheet(solution, p, 40, 50), p)
            if own:
                expected = Words(f"a gradient for about {1 - p:.0%}", f"约 {1 - p:.0%} 有梯度")
                raise Mistake(
                    "zeros_without_gradient", got=Words("0 for each zero of x", "x 为 0 处全是 0"), expected=expected
                )
        right = bool(((grad == 0) | same(grad, g * self.scale(p), self.exact)).all())
        expect(
            rate_holds(none, n, p) and right, "where x is 0 the gradient is not right", "x 为 0 处的梯度不对",
            got=Words(f"{none} of {n} are 0", f"{n} 个中 {none} 个为 0"), expected=f"≈ {n * p:.0f}",
        )  # fmt: skip

    def expect_gradient_in_holes(self, solution: Solution) -> None:
        """Where a part of each unit is 0, its gradient is that of the rest."""
        p = 0.3
        holes = torch.zeros(self.lay(40, 50).shape)
        holes.narrow(self.unit.inner, 1, 1).fill_(1.0)
        x, g = (holes * self.lay(40, 50)).requires_grad_(), self.lay(40, 50)
        y = self.forward(solution, x, p)
        alive = (y.detach() != 0).narrow(self.unit.inner, 1, 1).expand(x.shape)
        (y * g).sum().backward()
        want = self.want(alive, g, p)
        if same(gradient_of(x), want * holes, self.exact).all():
            raise Mistake("zeros_without_gradient", got=Words("0 where x is 0", "x 为 0 处是 0"), expected=share_of(p))
        expect_equal(gradient_of(x), want, rtol=self.exact)

    def expect_sum(self, solution: Solution) -> None:
        """h + dropout(h) + dropout(h): two masks, and the gradients add up. If they do only where the upstream one goes
        nowhere else, backward has changed it.
        """
        p, x, g = 0.3, self.draw(30, 40), signed(30, 40)
        side = worker(solution, self.call)

        def adds_up(*, apart: bool) -> bool:
            try:
                found = side.beside_itself(x, g, p, apart)
            except SubmissionError as error:
                expected = Words("as for x.contiguous()", "与 x.contiguous() 一样")
                suppose(VIEW not in str(error), "h is a transpose", "h 是转置的输入", got=str(error), expected=expected)
                raise
            finally:
                name = self.call.shown(p).replace("(x", "(h")
                solution.call = f"h = x.t(); h + {name} + {name}    x: (30, 40) float32"
            return self.adds_up(x, g, p, *found)

        if adds_up(apart=False):
            return
        if adds_up(apart=True):
            raise Mistake("changes_upstream")
        raise Wrong("where x is used elsewhere too, its gradient is not right", "x 在别处也被用到时，它的梯度不对")

    def adds_up(
        self, x: torch.Tensor, g: torch.Tensor, p: float, first: torch.Tensor, second: torch.Tensor, grad: torch.Tensor
    ) -> bool:
        """Is g + g · both masks the gradient of two calls and of x beside them? Two masks are alike with probability
        0.58^1200."""
        a, b = (self.seen(x, each, p) != 0 for each in (first, second))
        if torch.equal(a, b) and a.any():
            got = Words("two calls with one x, one mask", "同一个 x 调用两次，同一个掩码")
            raise Mistake("same_mask_again", got=got)
        want = g * (1 + self.scale(p) * (a.float() + b))
        return bool(same(expect_tensor(grad, shape=x.shape), want, max(self.exact, 1e-5)).all())
