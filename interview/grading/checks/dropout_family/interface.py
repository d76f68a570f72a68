"""The interface, how the submission is called: from scratch, its names and its defaults."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import torch

from interview.grading.checks.callers import beside
from interview.grading.checks.check import check
from interview.grading.checks.dropout_family.base import Base, share_of
from interview.grading.checks.expect import Mistake, Unseen, Words, expect_equal, expect_tensor
from interview.grading.checks.generic import expect_spelled
from interview.grading.checks.masks import same
from interview.grading.checks.solution import Solution, SubmissionError
from interview.grading.checks.statistics import rate_holds

__all__ = ["Interface"]

HIGH, AGAIN = 0.9, 7


class Interface(Base):
    """The checks of this module."""

    @check
    def from_scratch(self, solution: Solution, also: Sequence[Callable[[Solution], Any]] = ()) -> None:
        """No ready-made dropout is called, in training or in eval, whether or not its refusal is caught. `also`: what
        else a kata asks for.
        """
        x = self.lay(3, 4)
        seen = False
        try:
            for each in self.call.each(solution, [(x, 0.3, True), (x, 0.3, False)], catch=(SubmissionError,)):
                seen = seen or not isinstance(each, SubmissionError)
            for call in also:
                call(solution)
        except SubmissionError:  # a forbidden call, or another check's to tell
            pass
        if solution.forbidden:
            raise Mistake("ready_made", name=solution.forbidden[0])
        if not seen:
            raise Unseen  # what it raised is the next check's to tell

    @check
    def interface(self, solution: Solution) -> None:
        """Positional and keyword arguments, the defaults, a tensor of the input's shape and dtype.

        Of 400 coins at 0.9 all are kept with probability 1e-400; one coin for all of them, which is for another check
        to tell, is kept eight times in a row with 1e-8. Under no_grad there are drops all the same. A default p is told
        by 2,000 coins, where those of a call with that p are right.
        """
        x = self.lay(20, 20)
        spelled = self.expect_keywords(solution, x), solution.call
        given = self.forward(solution, x, HIGH)
        told = solution.call
        expect_tensor(given, dtype=x.dtype)
        plain = self.seen(x, expect_tensor(self.call.plain(solution, x, HIGH), dtype=x.dtype), HIGH)
        called = solution.call
        if torch.equal(given, x):
            solution.call = told
            self.expect_drops(solution, x)
        if torch.equal(plain, x):
            with beside(solution):
                again = [self.call.plain(solution, x, HIGH) for _ in range(AGAIN)]
            solution.call = called
            if all(torch.equal(self.seen(x, each, HIGH), x) for each in again):
                raise Mistake("eval_by_default", got=Words("the output is x", "输出就是 x"), expected=share_of(HIGH))
        with torch.no_grad():
            quiet = [self.forward(solution, x, HIGH)]
            if torch.equal(quiet[0], x):
                quiet += self.forwards(solution, [(x, HIGH, True)] * AGAIN)
        if all(torch.equal(each, x) for each in quiet):
            got = Words("under torch.no_grad() the output is x", "torch.no_grad() 下输出就是 x")
            raise Mistake("follows_grad_mode", got=got, expected=share_of(HIGH))
        self.expect_default(solution)
        for y, call in (spelled, (given, told), (plain, called)):
            if torch.equal(y, x) and self.mixes(solution):
                solution.call = call
                raise Mistake(
                    "some_calls_undropped", got=Words("the output is x", "输出就是 x"), expected=share_of(HIGH)
                )

    def expect_keywords(self, solution: Solution, x: torch.Tensor) -> torch.Tensor:
        """Its parameters have the names of the statement."""
        y = expect_spelled(lambda: self.call.spelled(solution, x, HIGH), self.call.names)
        return self.seen(x, expect_tensor(y, dtype=x.dtype), HIGH)

    def expect_drops(self, solution: Solution, x: torch.Tensor) -> None:
        """One of seven more calls does not return x."""
        with beside(solution):
            if any(not torch.equal(each, x) for each in self.forwards(solution, [(x, HIGH, True)] * AGAIN)):
                return
            wanting = x.clone().requires_grad_()
            with_grad = [each.detach() for each in self.forwards(solution, [(wanting, HIGH, True)] * (AGAIN + 1))]
        said: dict[str, Any] = {"got": Words("the output is x", "输出就是 x"), "expected": share_of(HIGH)}
        if any(not torch.equal(each, x) for each in with_grad):
            raise Mistake("asks_requires_grad", **said)
        raise Mistake("never_drops", **said)

    def mixes(self, solution: Solution) -> bool:
        """Is some of a sheet kept, and some dropped?"""
        with beside(solution):
            mask = self.sheet(solution, 0.5, 20, 20)
        return bool(mask.any()) and not bool(mask.all())

    def expect_default(self, solution: Solution) -> None:
        """Without p it drops as with the default."""
        if self.p is None:
            return
        x = self.lay(40, 50)
        y = self.seen(x, expect_tensor(self.call.by_default(solution, x), dtype=x.dtype), self.p)
        kept = self.coins(y)
        n = kept.numel()
        zeros = n - int(kept.sum())
        if (
            rate_holds(zeros, n, self.p)
            and (self.p or not zeros)
            and same(y, x * self.scale(self.p), 1e-3)[y != 0].all()
        ):
            if not self.p:
                expect_equal(y, x)
            return
        with beside(solution):
            drawn = self.drawn(solution, self.p, 40, 50) + self.drawn(solution, self.p, 40, 50)
            masks = [self.laid([each], 50) for each in drawn]
        fair = all(
            rate_holds(int((~each).sum()), n, self.p) and (not self.p or self.fair(each, self.p)) for each in masks
        )
        if fair and all(self.right(y, x, self.p) for x, y in drawn):
            share = zeros / n
            raise Mistake("other_default", share=share, default=self.p, got=f"{share:.3f}", expected=f"{self.p}")
