"""The journey: calls that were made together, and what is seen of them afterwards besides their results."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import field
from typing import Any, Protocol, TypeVar

import torch

from interview.dataclass import dataclass
from interview.grading.solution.errors import Lie, SubmissionError
from interview.grading.solution.evidence import NUMBERS, drawn, same_results, written
from interview.grading.wire.answers import A, Raised, Repeated, Returned, Several
from interview.grading.wire.requests import After, Arguments, Calls, Numbers, Request
from interview.grading.wire.values import tensors

Call = tuple[tuple[Any, ...], dict[str, Any], int, int]  # arguments, torch's seed, that of random and numpy

T = TypeVar("T")


class Side(Protocol):
    """The judge's end of the wire. Handed to each question and not kept: a circle would stay with all it holds."""

    def _request(self, shown: str, request: Request, kind: type[A]) -> A: ...

    def _free(self, graph: int) -> None: ...


@dataclass(slots=True)
class Journey:
    """Calls of one target, `shown` so in a report. `at` is the one that is looked at. What is fetched is fetched once:
    a later journey's arguments take its place in the worker.
    """

    target: list[Any]
    shown: str
    calls: list[Call]
    grad: bool
    at: int = 0
    came: list[Any] = field(default_factory=list)  # what the calls returned; SubmissionError where one raised
    after: list[Any] | None = None
    marks: list[list[int]] | None = None
    went: tuple[int | None] | None = None

    def arguments(self, side: Side) -> list[Any]:
        """Of the call that is looked at, the positional ones as they are now."""
        if self.after is None:
            self.after = self.listed(side._request(self.shown, Arguments(), Returned).value)
        args: list[Any] = self.after[self.at][0]
        return args

    def written(self, side: Side) -> list[int]:
        """Which of its tensors the call has written into: they are not what was sent, or are said to be, and then the
        same call with the same objects finds other values in them."""
        if self.marks is None:
            answer = side._request(self.shown, After(), Repeated)
            self.after = self.listed(answer.arguments)
            again = self.results(side, answer.value)
            self.marks = [written(call[:2], after) for call, after in zip(self.calls, self.after, strict=True)]
            if not any(self.marks):
                self.marks = self.found_other(side, again)
        return self.marks[self.at]

    def found_other(self, side: Side, again: list[Any]) -> list[list[int]]:
        """A call that returned something else the second time, and with fresh arguments what it did at first."""
        odd = [not same_results(a, b) for a, b in zip(self.came, again, strict=False)]
        if any(odd):
            odd = [each and same_results(a, b) for each, a, b in zip(odd, self.came, self.anew(side), strict=False)]
        odd += [False] * (len(self.calls) - len(odd))
        return [list(range(len(tensors(call[:2])))) if each else [] for call, each in zip(self.calls, odd, strict=True)]

    def position(self, side: Side) -> int | None:
        """How far the global generator went in the last call; None where its seed never leads."""
        if self.went is None:
            numbers = side._request(self.shown, Numbers(NUMBERS), Returned).value
            if not isinstance(numbers, torch.Tensor) or (numbers.shape, numbers.dtype) != ((NUMBERS,), torch.float32):
                raise Lie("TypeError", "the numbers cannot be read", None)
            self.went = (drawn(self.calls[-1][2], numbers),)
        return self.went[0]

    def as_here(self, side: Side, result: Any) -> bool:
        """Is it what the only call returns, made as usual? One that does not repeat itself may differ."""
        (one,) = self.anew(side)
        return same_results(one, result) or not same_results(one, *self.anew(side))

    def anew(self, side: Side) -> list[Any]:
        """What the same calls return now, with fresh arguments."""
        answer = side._request(self.shown, Calls(self.target, self.calls, self.grad), Several)
        return self.results(side, answer.value)

    def results(self, side: Side, answers: Iterable[Returned | Raised]) -> list[Any]:
        """What calls returned that no suite sees."""
        came: list[Any] = []
        for each in self.listed(answers):
            match each:
                case Returned(value, _, graph):
                    came.append(value)
                    if graph is not None:
                        side._free(graph)
                case Raised():
                    came.append(SubmissionError)
        return came

    def listed(self, answers: Iterable[T]) -> list[T]:
        if not isinstance(answers, list) or len(answers) != len(self.calls):
            raise Lie("TypeError", "the answers do not match the calls", None)
        return answers
