"""A check of the library: a rule that a hidden suite takes over by a line, `test_rate = dropout.rate()`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Concatenate, ParamSpec, TypeVar

from interview.grading.checks.solution import Solution

__all__ = ["Test", "Together", "check"]

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


class Together:
    """Several families of one kata, each asked in turn: `both = Together(locked, words); test_rate = both.rate()`."""

    def __init__(self, *families: object) -> None:
        self.families = families

    def __getattr__(self, name: str) -> Callable[..., Test]:
        checks: list[Callable[..., Test]] = [getattr(each, name) for each in self.families]

        def lend(*args: Any, **kwargs: Any) -> Test:
            tests = [each(*args, **kwargs) for each in checks]

            def test(solution: Solution) -> None:
                for each in tests:
                    each(solution)

            test.__doc__ = tests[0].__doc__
            return test

        return lend
