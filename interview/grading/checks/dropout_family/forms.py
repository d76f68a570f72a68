"""The forms of x: dtypes, shapes and layouts."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import torch

from interview.grading.checks.callers import Call, beside
from interview.grading.checks.check import check
from interview.grading.checks.dropout_family.base import HALVES, LIVE, VIEW, Base, gradient_of, unscaled
from interview.grading.checks.expect import Mistake, Unmet, Words, expect, expect_equal, expect_tensor, name_of, suppose
from interview.grading.checks.masks import signed
from interview.grading.checks.solution import Solution, SubmissionError
from interview.grading.checks.statistics import rate_holds

__all__ = ["Forms"]

DTYPES = (torch.float16, torch.bfloat16, torch.float32, torch.float64)
COARSE = {  # p, and rows of 50 units; of bfloat16 256 values lie below 1, of float16 2048
    torch.float16: ((0.0, 240), (0.02, 40), (0.97, 40)),
    torch.bfloat16: ((0.0, 80), (0.02, 40), (0.97, 40)),
}
ANYHOW = ("the drop rate is off in every dtype", "每种 dtype 下的丢弃率都不对")
OFF = ("the drop rate is off in this dtype", "该 dtype 下的丢弃率不对")
SHAPES = ((1,), (), (0,), (3, 0, 2), (9,), (2, 3, 4, 5), (1, 1, 1), (2, 1, 3, 1, 2, 2))
Views = Mapping[tuple[str, str], Callable[[], torch.Tensor]]


def each_shape(shape: tuple[int, ...]) -> Words:
    return Words(f"an input of shape {shape}", f"形状为 {shape} 的输入")


class Forms(Base):
    """The checks of this module."""

    @check
    def dtypes(self, solution: Solution) -> None:
        """float16, bfloat16, float32 and float64 come back as they went in, training or not, with the right values; a
        gradient flows in each. Some bfloat16 values are of a size that float16 has not.

        In half precision p is the rate at 0, 0.02 and 0.97 too, but for a step of the dtype, in which an answer may
        draw its coins and round p. At p = 0 nothing is dropped: a draw of float16 is 0 once in 4,096 units, of which
        12,000 are asked for, one of bfloat16 once in 512, of 4,000.
        """
        asked = [self.asked_of(dtype) for dtype in DTYPES]
        answers = self.forwards(solution, [each for calls, _ in asked for each in calls])  # all in one journey
        for dtype, (calls, fine) in zip(DTYPES, asked, strict=True):
            tol = self.tolerance(dtype)
            (leaf, *_), (still, *_), (x, *_) = calls[:3]
            came, shown = [], []
            for _, p, _ in calls:
                y = next(answers)
                self.expect_dtype(y, dtype, p)
                came.append(y)
                shown.append(solution.call)
            y, evaluated, none, every, *drawn = came
            solution.call = shown[1]
            self.expect_evaluated(still, evaluated, tol)
            solution.call = shown[2]
            if self.coarse(dtype):
                self.expect_fine_coins(solution, self.coins(none), 0.0, 24, dtype)
            expect_equal(none, x, rtol=tol if self.unchanged else 0.0)
            solution.call = shown[3]
            if self.closed and every.any():
                with beside(solution):
                    wide = self.forward(solution, self.lay(13, 17), self.upper)
                suppose(not wide.any(), "p = 1 does not give zeros in any dtype", "哪种 dtype 下 p = 1 的结果都不为零")
            expect(
                not self.closed or not every.any(),
                "p = 1 does not give zeros in this dtype",
                "该 dtype 下 p = 1 时结果不为零",
            )
            solution.call = shown[0]
            self.expect_values(solution, leaf, y, 0.3, tol)
            for (p, rows), each, call in zip(fine, drawn, shown[4:], strict=True):
                solution.call = call
                self.expect_fine_coins(solution, self.coins(each), p, rows, dtype)

    def asked_of(self, dtype: torch.dtype) -> tuple[list[Call], list[tuple[float, int]]]:
        """The calls of one dtype; the last of them are for these p, and so many rows of 50 units."""
        x = self.lay(30, 40, dtype)
        if dtype is torch.bfloat16:
            x[:10] *= 2.0**40
        wide = x + x * torch.rand(x.shape, dtype=dtype) / 16  # all the digits of float64
        leaf = x.clone().requires_grad_()
        still = wide.clone().requires_grad_(self.still is not unscaled)
        calls = [(leaf, 0.3, True), (still, 0.3, False), (x, 0.0, True), (x, self.upper, True)]
        most = self.unit.most // 50
        fine = [(p, min(rows, most)) for p, rows in self.coarse(dtype) for _ in range(0, rows, most)]
        return calls + [(self.lay(rows, 50, dtype), p, True) for p, rows in fine], fine

    def coarse(self, dtype: torch.dtype) -> Sequence[tuple[float, int]]:
        """At which p the rate is asked in this dtype, and by how many rows of 50 units."""
        return [(p, min(rows, 40) if self.frugal else rows) for p, rows in COARSE.get(dtype, ())]

    def expect_evaluated(self, x: torch.Tensor, y: torch.Tensor, tol: float) -> None:
        """In eval, values, and where they are scaled the gradient too."""
        if self.still is unscaled:
            expect_equal(y, x)
            return
        expect_equal(y.detach().double(), x.detach().double() * self.still(0.3), rtol=tol)
        if not y.requires_grad:
            raise Mistake("eval_without_gradient", p=0.3, **LIVE)
        g = signed(*x.shape, dtype=x.dtype)
        (y * g).sum().backward()
        expect_equal(gradient_of(x).double(), g.double() * self.still(0.3), rtol=tol)

    def expect_dtype(self, y: torch.Tensor, dtype: torch.dtype, p: float) -> None:
        """y has the dtype of x."""
        came, went = name_of(y.dtype), name_of(dtype)
        if y.dtype is dtype or not y.dtype.is_floating_point:
            expect_tensor(y, dtype=dtype)
            return
        if y.dtype.itemsize > dtype.itemsize:
            raise Mistake("promoted", came=came, went=went, p=p, got=came, expected=went)
        raise Mistake("narrowed", came=came, went=went, p=p, got=came, expected=went)

    def expect_values(self, solution: Solution, x: torch.Tensor, y: torch.Tensor, p: float, tol: float) -> None:
        """Values, coins and gradients are those of any dtype."""
        alive = y.detach() != 0
        expect_equal(y.detach().double(), self.want(alive, x.detach().double(), p), rtol=tol)
        coins = self.coins(y).reshape(30, 40)
        dropped, n = int((~coins).sum()), coins.numel()
        right = self.unit.whole(alive) and rate_holds(dropped, n, p)
        if not right:
            self.suppose_usual(solution, p)
        expect(right, *OFF, got=f"{dropped / n:.3f}", expected=f"{p}")
        if not y.requires_grad:
            raise Mistake("no_gradient", **LIVE)
        g = signed(*x.shape, dtype=x.dtype)
        (y * g).sum().backward()
        grad = expect_tensor(gradient_of(x), shape=x.shape).double()
        expect_equal(grad, self.want(alive, g.double(), p), rtol=tol)

    def expect_fine_coins(
        self, solution: Solution, kept: torch.Tensor, p: float, rows: int, dtype: torch.dtype
    ) -> None:
        """p is the rate, but for a step of the dtype; named where float32 is right at the same p."""
        zeros, n = kept.numel() - int(kept.sum()), kept.numel()
        step = HALVES[dtype]
        nearest = min(max(zeros / n, p - step), p + step)  # of the rates that are right, the one that explains it best
        if rate_holds(zeros, n, nearest) if p else not zeros:
            return
        with beside(solution):
            wide = self.sheet(solution, p, rows, 50)
        said: dict[str, Any] = {"dtype": name_of(dtype), "p": p, "zeros": zeros, "n": n}
        if rate_holds(wide.numel() - int(wide.sum()), n, p) and (p or bool(wide.all())):
            raise Mistake("coarse_coins", **said, got=f"{zeros / n:.4f}", expected=f"{p}")
        raise Unmet(*ANYHOW, got=f"{zeros / n:.4f}", expected=f"{p}")

    @check
    def shapes(
        self, solution: Solution, shapes: Sequence[tuple[int, ...]] = SHAPES, views: Views | None = None
    ) -> None:
        """Every shape, and inputs that are not contiguous, in training and in eval. `views`: by what they are called in
        both languages; by default some of two axes. Where there are a hundred coins and more, the rate is p, and units
        are whole.
        """
        p, views = 0.4, self.views() if views is None else views
        self.suppose_usual(solution, p)
        for training in (True, False):
            named = [(each_shape(shape), self.draw(*shape)) for shape in shapes]
            named += [(Words(*name), make()) for name, make in views.items()]
            came = self.tensors(solution, [(x, p, training) for _, x in named])
            for (name, x), (y, call) in zip(named, came, strict=True):
                solution.call = call
                self.expect_form(expect_tensor(y, dtype=x.dtype), x, name, p, training=training)
        if () in shapes:
            self.expect_scalars(solution, p)

    def views(self) -> Views:
        """Inputs of two axes that are not contiguous."""
        return {
            ("a transpose", "转置的输入"): lambda: self.draw(30, 20).t(),
            ("a slice", "切片的输入"): lambda: self.draw(40, 30)[::2, 5:25],
            ("an expanded row", "expand 得到的输入"): lambda: self.draw(1, 40).expand(25, 40),
        }

    def tensors(self, solution: Solution, calls: Sequence[Call]) -> list[tuple[torch.Tensor, str]]:
        """What the calls return, each beside how it is shown; a refusal that is known is named."""
        came: list[tuple[torch.Tensor, str]] = []
        for (x, p, training), y in zip(calls, self.call.each(solution, calls, catch=(SubmissionError,)), strict=True):
            if isinstance(y, SubmissionError):
                if VIEW in str(y):
                    raise Mistake("flattens_with_view", got="RuntimeError")
                if not x.dim() and came:  # what has an axis goes well
                    raise Mistake("zero_d_refused", got=str(y), expected=Words("a 0-d tensor", "0-d tensor"))
                raise y
            came.append((self.seen(x, y, p) if training else expect_tensor(y, shape=x.shape), solution.call))
        return came

    def expect_form(self, y: torch.Tensor, x: torch.Tensor, name: Words, p: float, *, training: bool) -> None:
        """Right values, whole units, and the rate where there are units enough."""
        if not training:
            expect_equal(y, x * self.still(p), rtol=0.0 if self.still is unscaled else self.exact)
            return
        if not x.dim() and self.scale(p) != 1 and torch.equal(y, x):
            raise Mistake("scalars_left_alone", got="y == x")
        expect(self.right(y, x, p), f"wrong values for {name.en}", f"{name.zh}结果不对")
        if not x.numel() or self.unit.coins(x).numel() < 100:
            return
        alive = y != 0
        coins = self.unit.coins(alive)
        dropped, n = int((~coins).sum()), coins.numel()
        expect(
            self.unit.whole(alive), f"{self.unit.many.en} are not dropped whole for {name.en}", f"{name.zh}没有整个丢弃"
        )
        expect(
            rate_holds(dropped, n, p), f"wrong drop rate for {name.en}", f"{name.zh}的丢弃率不对",
            got=f"{dropped / n:.3f}", expected=f"{p}",
        )  # fmt: skip
        if coins.dim() == 2 and min(coins.shape) > 1:
            others = (coins[:1].expand_as(coins), coins[:, :1].expand_as(coins), coins.t())
            shared = any(coins.shape == each.shape and bool((coins == each).all()) for each in others)
            expect(not shared, f"the mask of {name.en} is shared", f"{name.zh}共用了掩码")

    def expect_scalars(self, solution: Solution, p: float) -> None:
        """A 0-d x is dropped now and then: 60 alike have probability below 0.6^60 + 0.4^60 < 1e-13."""
        kept = int(self.many(solution, torch.tensor(1.5), p, 60).sum())
        expect(0 < kept < 60, "a 0-d input is never dropped, or always", "0-d 输入总是保留或总是丢弃",
               got=f"{kept} / 60", expected="≈ 36 / 60")  # fmt: skip
