"""A check of the library: a rule that a hidden suite takes over by a line, `test_rate = dropout.rate()`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Concatenate, ParamSpec, TypeVar

from interview.grading.checks.solution import Solution

__all__ = ["Test", "check"]

Test = Callable[[Solution], None]
S = TypeVar("S")
P = ParamSpec("P")


def check(judge: Callable[Concatenate[S, Solution, P], None]) -> Callable[Concatenate[S, P], Test]:
    """Make a method that judges a solution one that gives the test. Its docstring is the test's: the rule, and why a
    right answer passes it."""

    def lend(self: S, /, *args: P.args, **kwargs: P.kwargs) -> Test:
        def test(solution: Solution) -> None:
            judge(self, solution, *args, **kwargs)

        test.__doc__ = judge.__doc__
        return test

    lend.__doc__ = judge.__doc__
    return lend
