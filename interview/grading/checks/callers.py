"""Callers: how a family's checks call a submission, be it a function, two of them, or a module."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import groupby
from pathlib import Path
from typing import Any, Protocol

import torch

from interview.dataclass import dataclass
from interview.grading.checks import worker_side
from interview.grading.checks.solution import Remote, Solution, shape_of

__all__ = ["Call", "Caller", "Function", "Helper", "Module", "Pair", "beside", "worker"]

Call = tuple[torch.Tensor, float, bool]  # x, p, training
SIDE = Path(worker_side.__file__).read_text(encoding="utf-8")


class Caller(Protocol):
    """What a family asks of a submission. A pack may write its own."""

    @property
    def stands(self) -> bool:
        """Are there objects, which stand from call to call?"""
        ...

    @property
    def names(self) -> Sequence[str]:
        """The parameters that are passed by keyword in `spelled`."""
        ...

    @property
    def source(self) -> str:
        """`loud(x, p)` and `quiet(x, p)` as source for the worker: a call in training, and one in eval. Where there are
        objects also `standing(p)`: one of them in training.
        """
        ...

    def each(
        self, solution: Solution, calls: Sequence[Call], *, catch: tuple[type[Exception], ...] = ()
    ) -> Iterator[Any]:
        """What each call returned, as `Remote.each`."""
        ...

    def spelled(self, solution: Solution, x: torch.Tensor, p: float) -> Any:
        """A call in training, every argument by keyword."""
        ...

    def plain(self, solution: Solution, x: torch.Tensor, p: float) -> Any:
        """A call that leaves the mode to its default."""
        ...

    def by_default(self, solution: Solution, x: torch.Tensor) -> Any:
        """A call without p."""
        ...

    def posed(self, solution: Solution, x: torch.Tensor, p: float, training: bool) -> str:
        """`Solution.device_of` such a call."""
        ...

    def standing(self, solution: Solution, p: float) -> Any:
        """What takes x and is called in training: where there are objects, one and the same."""
        ...

    def shown(self, p: float, *, training: bool = True) -> str:
        """A call as a person would write it."""
        ...


@contextmanager
def beside(solution: Solution) -> Iterator[None]:
    """Calls in here are not the one that is shown."""
    call = solution.call
    yield
    solution.call = call


def worker(solution: Solution, caller: Caller) -> Remote:
    """The functions of `worker_side`, beside the submission."""
    return solution.shared(SIDE + caller.source)


def in_worker(
    solution: Solution, caller: Caller, calls: Sequence[Call], catch: tuple[type[Exception], ...]
) -> Iterator[Any]:
    """What each call returned, made by `loud` and `quiet`."""
    came = worker(solution, caller).in_mode.each(calls, catch=catch)
    for x, p, training in calls:
        try:
            value = next(came)
        finally:
            solution.call = said(caller, x, p, training=training)
        yield value


def posed_in_worker(solution: Solution, caller: Caller, x: torch.Tensor, p: float, training: bool) -> str:
    """`Solution.device_of` a call of `loud` or of `quiet`."""
    try:
        return solution.device_of(worker(solution, caller).in_mode, x, p, training)
    finally:
        solution.call = said(caller, x, p, training=training)


def said(caller: Caller, x: torch.Tensor, p: float, *, training: bool = True) -> str:
    """A call, and what x was."""
    return f"{caller.shown(p, training=training)}    x: {shape_of(x)}"


@dataclass(frozen=True, slots=True)
class Function:
    """`name(x, p, training)`."""

    name: str
    names: Sequence[str] = ("x", "p", "training")
    stands: bool = False

    @property
    def source(self) -> str:
        return (
            f"\ndef loud(x, p):\n    return submission.{self.name}(x, p, True)\n"
            f"\ndef quiet(x, p):\n    return submission.{self.name}(x, p, False)\n"
        )

    def each(
        self, solution: Solution, calls: Sequence[Call], *, catch: tuple[type[Exception], ...] = ()
    ) -> Iterator[Any]:
        function: Remote = getattr(solution, self.name)
        return function.each(calls, catch=catch)

    def spelled(self, solution: Solution, x: torch.Tensor, p: float) -> Any:
        return getattr(solution, self.name)(**dict(zip(self.names, (x, p, True), strict=True)))

    def plain(self, solution: Solution, x: torch.Tensor, p: float) -> Any:
        return getattr(solution, self.name)(x, p)

    def by_default(self, solution: Solution, x: torch.Tensor) -> Any:
        return getattr(solution, self.name)(x)

    def posed(self, solution: Solution, x: torch.Tensor, p: float, training: bool) -> str:
        return solution.device_of(self.name, x, p, training)

    def standing(self, solution: Solution, p: float) -> Any:
        function: Remote = getattr(solution, self.name)
        return lambda x: function(x, p, True)

    def shown(self, p: float, *, training: bool = True) -> str:
        return f"{self.name}(x, p={p}, training={training})"


@dataclass(frozen=True, slots=True)
class Pair:
    """`loud(x, p)` in training and `quiet(x, p)` in eval: two functions without a mode."""

    loud: str
    quiet: str
    names: Sequence[str] = ("x", "p")
    stands: bool = False

    @property
    def source(self) -> str:
        return (
            f"\ndef loud(x, p):\n    return submission.{self.loud}(x, p)\n"
            f"\ndef quiet(x, p):\n    return submission.{self.quiet}(x, p)\n"
        )

    def each(
        self, solution: Solution, calls: Sequence[Call], *, catch: tuple[type[Exception], ...] = ()
    ) -> Iterator[Any]:
        for training, some in groupby(calls, key=lambda call: call[2]):
            function: Remote = getattr(solution, self.loud if training else self.quiet)
            yield from function.each([(x, p) for x, p, _ in some], catch=catch)

    def spelled(self, solution: Solution, x: torch.Tensor, p: float) -> Any:
        return getattr(solution, self.loud)(**dict(zip(self.names, (x, p), strict=True)))

    def plain(self, solution: Solution, x: torch.Tensor, p: float) -> Any:
        return getattr(solution, self.loud)(x, p)

    def by_default(self, solution: Solution, x: torch.Tensor) -> Any:
        return getattr(solution, self.loud)(x)

    def posed(self, solution: Solution, x: torch.Tensor, p: float, training: bool) -> str:
        return solution.device_of(self.loud if training else self.quiet, x, p)

    def standing(self, solution: Solution, p: float) -> Any:
        function: Remote = getattr(solution, self.loud)
        return lambda x: function(x, p)

    def shown(self, p: float, *, training: bool = True) -> str:
        return f"{self.loud if training else self.quiet}(x, p={p})"


@dataclass(frozen=True, slots=True)
class Module:
    """`name(p)` is a module: a new one for each call, but for those of `standing`. `names`: of its constructor.
    `options`: what else each is made with, `", inplace=True"`; not where the checks ask for names and defaults.
    """

    name: str
    names: Sequence[str] = ("p", "inplace")
    stands: bool = True
    options: str = ""

    @property
    def source(self) -> str:
        return (
            f"\ndef loud(x, p):\n    return standing(p)(x)\n"
            f"\ndef quiet(x, p):\n    layer = standing(p)\n    layer.eval()\n    return layer(x)\n"
            f"\ndef standing(p):\n    return submission.{self.name}(p{self.options})\n"
        )

    def each(
        self, solution: Solution, calls: Sequence[Call], *, catch: tuple[type[Exception], ...] = ()
    ) -> Iterator[Any]:
        return in_worker(solution, self, calls, catch)

    def spelled(self, solution: Solution, x: torch.Tensor, p: float) -> Any:
        layer = getattr(solution, self.name)(**dict(zip(self.names, (p, False), strict=False)))
        return layer(x)

    def plain(self, solution: Solution, x: torch.Tensor, p: float) -> Any:
        return getattr(solution, self.name)(p)(x)

    def by_default(self, solution: Solution, x: torch.Tensor) -> Any:
        return getattr(solution, self.name)()(x)

    def posed(self, solution: Solution, x: torch.Tensor, p: float, training: bool) -> str:
        return posed_in_worker(solution, self, x, p, training)

    def standing(self, solution: Solution, p: float) -> Any:
        return getattr(solution, self.name)(p)

    def shown(self, p: float, *, training: bool = True) -> str:
        return f"{self.name}({p}{self.options}){'' if training else '.eval()'}(x)"


@dataclass(frozen=True, slots=True)
class Helper:
    """What a Python file beside the suite makes of x and p, in the worker, where a submission takes other arguments.

    `file`, whose text follows `worker_side.py`, defines `loud(x, p)` and `quiet(x, p)`, calls of `submission` in
    training and in eval; and for the check `interface` `spelled(x, p)`, `plain(x, p)` and `by_default(x)`: every
    argument by keyword, the mode left out, p left out. `text` and `bare` show a call as a person would write it, with
    `{p}` and `{training}`, and without p.
    """

    file: Path
    text: str
    bare: str
    names: Sequence[str] = ()
    stands: bool = False

    @property
    def source(self) -> str:
        return f"\n\n{self.file.read_text(encoding='utf-8')}"

    def each(
        self, solution: Solution, calls: Sequence[Call], *, catch: tuple[type[Exception], ...] = ()
    ) -> Iterator[Any]:
        return in_worker(solution, self, calls, catch)

    def spelled(self, solution: Solution, x: torch.Tensor, p: float) -> Any:
        return self.asked(solution, "spelled", x, p)

    def plain(self, solution: Solution, x: torch.Tensor, p: float) -> Any:
        return self.asked(solution, "plain", x, p)

    def by_default(self, solution: Solution, x: torch.Tensor) -> Any:
        return self.asked(solution, "by_default", x)

    def asked(self, solution: Solution, name: str, x: torch.Tensor, *p: float) -> Any:
        """What one function of the file returns."""
        try:
            return getattr(worker(solution, self), name)(x, *p)
        finally:
            solution.call = f"{self.shown(*p) if p else self.bare}    x: {shape_of(x)}"

    def posed(self, solution: Solution, x: torch.Tensor, p: float, training: bool) -> str:
        return posed_in_worker(solution, self, x, p, training)

    def standing(self, solution: Solution, p: float) -> Any:
        return lambda x: next(self.each(solution, [(x, p, True)]))

    def shown(self, p: float, *, training: bool = True) -> str:
        return self.text.format(p=p, training=training)
