"""The range of p, and what else is done with the arguments: x left alone, and its device."""

from __future__ import annotations

import itertools
import math
from typing import Any, NamedTuple

import torch

from interview.grading.checks.check import check
from interview.grading.checks.dropout_family.base import Base
from interview.grading.checks.expect import REFUSALS, Mistake, Words, Wrong, expect
from interview.grading.checks.solution import Solution, SubmissionError

__all__ = ["Range"]

INSIDE, OUTSIDE = (0.3, 0.0), (-0.1, 1.1, -3.0, 2.0)
BEYOND = (-1e-6, 1.000001, float("inf"), -float("inf"))
NAN = float("nan")
HALF_DTYPES = (torch.float16, torch.bfloat16, torch.float64)


class Try(NamedTuple):
    """A call, and what came back or was raised."""

    p: float
    training: bool
    came: Any
    call: str


class Range(Base):
    """The checks of this module."""

    @check
    def range_of_p(self, solution: Solution) -> None:
        """p in [0, 1] is accepted, its ends included, or p in [0, 1) where the kata says so; anything else is refused,
        NaN and infinity too, and so is what lies a millionth outside: in training and in eval, and before an empty x is
        looked at.
        """
        x = self.lay(4, 5)
        allowed = (*INSIDE, self.upper)
        beyond = (*OUTSIDE, NAN, *BEYOND) if self.closed else (*OUTSIDE, NAN, 1.0, *BEYOND)
        settings = list(itertools.product((*allowed, *beyond), (True, False)))
        calls = [(x, p, training) for p, training in settings]
        if self.empty:
            calls += [(x[:0], 1.5, True), (x[:0], 1.5, False)]
        tries = [
            Try(p, training, came, solution.call)
            for (_, p, training), came in zip(
                calls, self.call.each(solution, calls, catch=(SubmissionError,)), strict=True
            )
        ]
        tries, empty = tries[: len(settings)], tries[len(settings) :]
        inside = [each for each in tries if each.p in allowed]
        self.expect_accepted(solution, inside)
        outside = [each for each in tries if each.p not in allowed]
        let_in = [each for each in outside if not isinstance(each.came, SubmissionError)]
        if not self.closed and all(each.p == 1 for each in let_in):
            self.expect_one_refused(solution, [each for each in outside if each.p == 1])
        if let_in:
            self.name_accepted(solution, let_in, inside, x)
            solution.call, p = let_in[0].call, let_in[0].p
            raise Wrong(f"p = {p:.7g} was accepted", f"p = {p:.7g} 没有报错", expected="ValueError")
        for each in outside:
            if not isinstance(each.came, REFUSALS):
                solution.call = each.call
                got = str(each.came)
                raise Mistake("refused_otherwise", p=each.p, type=each.came.type, got=got, expected="ValueError")
        for each in empty:
            solution.call = each.call
            en, zh = "p = 1.5 was accepted for an empty x", "x 为空时 p = 1.5 没有报错"
            expect(isinstance(each.came, REFUSALS), en, zh, expected="ValueError")

    def expect_accepted(self, solution: Solution, inside: list[Try]) -> None:
        """No p of the range is refused."""
        refused = {each.p: each.call for each in reversed(inside) if isinstance(each.came, REFUSALS)}
        if not refused:
            return
        ordered = [p for p in (*INSIDE, 0.99, 1.0) if p in refused]
        solution.call = refused[ordered[0]]
        if ordered == [0.0] and not self.closed:
            got = Words("p=0 rejected", "p=0 被拒绝")
            raise Mistake("zero_refused", got=got, expected=self.range)
        if self.closed and 0.3 in refused and 1.0 not in refused:
            got = Words("p=0.3 rejected, p=1 accepted", "p=0.3 被拒绝，p=1 通过")
            raise Mistake("only_one_accepted", got=got, expected=self.range)
        if self.closed and 0.3 not in refused:
            said = ", ".join(f"p={p:g}" for p in ordered)
            got = Words(f"{said} rejected", f"{said} 被拒绝")
            raise Mistake("ends_refused", refused=said, got=got, expected=self.range)
        raise Wrong(f"p = {ordered[0]} was rejected", f"p = {ordered[0]} 被拒绝", expected=self.range)

    def expect_one_refused(self, solution: Solution, ones: list[Try]) -> None:
        """p = 1, where it lies outside: not accepted, nor left to a division by 1 - p."""
        divided = next((each for each in ones if isinstance(each.came, ZeroDivisionError)), None)
        if divided:
            solution.call = divided.call
            raise Mistake("zero_division_at_one", got="ZeroDivisionError", expected="ValueError")
        for each in ones:
            if not isinstance(each.came, SubmissionError):
                solution.call = each.call
                got = Words("p=1 accepted", "p=1 通过")
                raise Mistake("one_accepted", got=got, expected=self.range)

    def name_accepted(self, solution: Solution, let_in: list[Try], inside: list[Try], x: torch.Tensor) -> None:
        """The known ways to let in what is outside. To give x back says that an error was caught only where something
        else comes back for a p of the range."""
        nan = any(each.training and math.isnan(each.p) for each in let_in)
        loud = [each for each in let_in if each.training and not math.isnan(each.p)]
        quiet = [each for each in let_in if not each.training]
        unchecked = [*loud, *(each for each in quiet if not math.isnan(each.p))]  # a root may fail in training
        if unchecked and nan and not all(math.isnan(each.p) for each in quiet):
            solution.call, p = unchecked[0].call, unchecked[0].p
            if all(gives_back(each.came, x) for each in let_in) and not all(
                gives_back(each.came, x) for each in inside
            ):
                raise Mistake("wrong_p_ignored", p=p, got="x", expected="ValueError")
            raise Mistake("no_range_check", p=p, range=self.range, expected="ValueError")
        if quiet and not loud and not nan:
            solution.call = quiet[0].call
            raise Mistake("checked_in_training_only", p=quiet[0].p, expected="ValueError")
        if nan and all(math.isnan(each.p) for each in let_in):
            solution.call = next(each.call for each in let_in if each.training)
            raise Mistake("nan_accepted", range=self.range, expected="ValueError")

    @check
    def input_untouched(self, solution: Solution) -> None:
        """x holds the same bits after the call, whatever p, the mode and the dtype, and under no_grad."""
        x = self.lay(12, 15)
        modes = [(0.5, True), (self.upper, True), (0.0, True), (0.5, False), (self.upper, False)]
        halves = [self.lay(12, 15, dtype=dtype) for dtype in HALF_DTYPES]
        for grad, calls in (
            (True, [(x, *each) for each in modes]),
            (False, [(each, 0.5, training) for training in (True, False) for each in (x, *halves)]),
        ):
            with torch.set_grad_enabled(grad):
                came = self.call.each(solution, calls, catch=(SubmissionError,))
                for (_, p, training), y in zip(calls, came, strict=True):
                    if not isinstance(y, SubmissionError) and solution.changed:
                        raise Mistake("changes_the_input", mode=Words("training", "训练") if training else "eval", p=p)

    @check
    def device(self, solution: Solution) -> None:
        """The mask is made where x lives: seen with a tensor that poses as living on another device."""
        x = self.lay(12, 15)
        for p, training in ((0.5, True), (0.5, False), (self.upper, True), (0.0, True)):
            match self.call.posed(solution, x, p, training):
                case "mixed":
                    got = Words("a CPU mask met x on another device", "CPU 上的掩码遇到了另一个 device 上的 x")
                    raise Mistake("mask_on_cpu", got=got)
                case "here":
                    raise Mistake("mask_on_cpu", got=Words("the result stayed on the CPU", "结果留在了 CPU 上"))
                case _:
                    pass


def gives_back(came: Any, x: torch.Tensor) -> bool:
    return isinstance(came, torch.Tensor) and torch.equal(came, x)
