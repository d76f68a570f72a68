"""Oracles: a deterministic function or module beside its truth in float64, over cases drawn anew from the check's seed.

All calls of a check are made first and judged afterwards, so that what came back parts the known mistakes from one
another. The gradients of the truth are autograd's own, in float64.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import field, replace
from typing import Any, Protocol

import torch

from interview.dataclass import dataclass
from interview.grading.checks.expect import Facts, Flawed, Words, Wrong, expect_equal, expect_some, suppose
from interview.grading.checks.generic import expect_contiguous_alike, expect_dtype
from interview.grading.checks.solution import Remote, Solution, shape_of

__all__ = ["Case", "Function", "Layer", "Module", "Oracle", "beside"]

TOLERANCE = {torch.float16: 1e-2, torch.bfloat16: 4e-2}  # where results are rounded to the dtype
Tolerance = float | Callable[[torch.Tensor], tuple[float, float]]
NONE = Words("none, or all zeros", "没有，或全为零")
CASTS = {torch.float16: "half", torch.bfloat16: "bfloat16", torch.float64: "double"}


@dataclass(frozen=True)
class Case:
    """One call: its input, the other arguments, and what the parameters of a module are set to.

    `args` and `kwargs` are a function's after x, and what a module is made with. The `parameters` of a function are
    further tensors, which come between x and `args`. `trained`: whose gradients are asked for, by default all. `cast`:
    the module is converted to this dtype first. `g` is the gradient that comes from above, drawn where it is not
    given. `facts` are what a sentence may tell of the case.
    """

    x: torch.Tensor
    args: tuple[Any, ...] = ()
    kwargs: Mapping[str, Any] = field(default_factory=dict)
    parameters: Mapping[str, torch.Tensor] = field(default_factory=dict)
    cast: torch.dtype | None = None
    evaluated: bool = False
    g: torch.Tensor | None = None
    trained: Sequence[str] | None = None
    facts: Facts = field(default_factory=dict)


@contextmanager
def beside(solution: Solution) -> Iterator[None]:
    """Calls in here are not the one that is shown."""
    call = solution.call
    try:
        yield
    finally:
        solution.call = call


class Standing(Protocol):
    """What takes x, again and again, and how such a call is shown."""

    def __call__(self, x: torch.Tensor) -> Any: ...

    def said(self, x: torch.Tensor) -> str: ...

    def device_of(self, x: torch.Tensor) -> str: ...

    def gradient(self, name: str) -> Any:
        """Of a parameter."""
        ...


class Applied:
    """A function of the submission with all its arguments but x. What comes after a copy of x is copied too."""

    def __init__(self, solution: Solution, name: str, case: Case) -> None:
        self.solution, self.name, self.case = solution, name, case

    def __call__(self, x: torch.Tensor) -> Any:
        return getattr(self.solution, self.name)(*self.given(x), **self.case.kwargs)

    def given(self, x: torch.Tensor) -> tuple[Any, ...]:
        dense = x.is_contiguous() and not self.case.x.is_contiguous()
        others = (each.contiguous() if dense else each for each in self.case.parameters.values())
        return x, *others, *self.case.args

    def said(self, x: torch.Tensor) -> str:
        return self.solution.shown(self.name, *self.given(x), **self.case.kwargs)

    def device_of(self, x: torch.Tensor) -> str:
        return self.solution.device_of(self.name, *self.given(x), **self.case.kwargs)

    def gradient(self, name: str) -> Any:
        return self.case.parameters[name].grad


class Layer:
    """A module of the submission, shown with what it was made with."""

    def __init__(self, solution: Solution, name: str, case: Case) -> None:
        self.solution = solution
        self.remote: Remote = getattr(solution, name)(*case.args, **case.kwargs)
        self.shown = solution.call
        if case.cast is not None:
            self.then(CASTS[case.cast])
        if case.parameters:
            lacking = self.remote.fill(dict(case.parameters))
            suppose(lacking is None, f"the layer has no {lacking}", f"这一层没有 {lacking}", got=self.shown)
        if case.evaluated:
            self.then("eval")

    def then(self, method: str) -> None:
        """Call a method that changes the module: `eval`, `half`."""
        getattr(self.remote, method)()
        self.shown += f".{method}()"

    def __call__(self, x: torch.Tensor) -> Any:
        try:
            return self.remote(x)
        finally:
            self.solution.call = self.said(x)

    def said(self, x: torch.Tensor) -> str:
        """A call as a person would write it, and the shape of x."""
        return f"{self.shown}(x)    x: {shape_of(x)}"

    def device_of(self, x: torch.Tensor) -> str:
        """`Solution.device_of` a call."""
        try:
            return self.solution.device_of(self.remote, x)
        finally:
            self.solution.call = self.said(x)

    def gradient(self, name: str) -> Any:
        """Of the parameter of that name, None where none arrived."""
        return getattr(self.remote, name).grad.value()


class Oracle:
    """Something called `name` whose call is `truth(x, *args, **kwargs, **parameters)`, in float64.

    `tol` is the bound for float32 and wider, absolute and relative, or a function of x that gives both; half precision
    has its own. `first` is what x is called.
    """

    def __init__(
        self, name: str, truth: Callable[..., torch.Tensor], tol: Tolerance = 1e-4, *, first: str = "x"
    ) -> None:
        self.name, self.truth, self.tol, self.first = name, truth, tol, first

    def standing(self, solution: Solution, case: Case) -> Standing:
        """What takes a case's x: the function with its other arguments, or a module that is made and set."""
        raise NotImplementedError

    def learning(self, case: Case) -> Case:
        """With what wants a gradient wanting it; a module's parameters do by themselves."""
        return case

    def bounds(self, x: torch.Tensor, tol: float | None) -> tuple[float, float]:
        """Absolute and relative."""
        if x.dtype in TOLERANCE:
            return 2 * TOLERANCE[x.dtype], TOLERANCE[x.dtype]
        if tol is None and not isinstance(self.tol, float):
            return self.tol(x)
        bound = tol if tol is not None else self.tol
        assert isinstance(bound, float)
        return bound, bound

    def wanted(self, case: Case, x: torch.Tensor | None = None, **parameters: torch.Tensor) -> torch.Tensor:
        """What the truth gives for a case, of the shape of x and in float64. Flawed if it does not."""
        given = {name: each.double() for name, each in case.parameters.items()} | parameters
        x = case.x.detach().double() if x is None else x
        try:
            y = self.truth(x, *case.args, **case.kwargs, **given)
        except Exception as error:
            said = f"{type(error).__name__}: {error}"
            raise Flawed(
                f"the truth of `{self.name}` raises {said}", f"`{self.name}` 的标准答案抛出 {said}", error
            ) from None
        if not isinstance(y, torch.Tensor) or y.dtype is not torch.float64 or y.shape != x.shape:
            came, went = shape_of(y) if isinstance(y, torch.Tensor) else type(y).__name__, shape_of(x)
            raise Flawed(
                f"the truth of `{self.name}` gives {came} for {went}", f"`{self.name}` 的标准答案对 {went} 给出 {came}"
            )
        return y

    def agrees(self, solution: Solution, cases: Sequence[Case], *, tol: float | None = None) -> list[Any]:
        """Each case gives its truth, in the dtype of x: what came back."""
        expect_some(cases)
        came = []
        for case in cases:
            layer = self.standing(solution, case)
            y = layer(case.x) if case.x.is_contiguous() else expect_contiguous_alike(solution, layer, case.x)
            came.append((case, y, solution.call))
        for case, y, shown in came:
            solution.call = shown
            self.weigh(case, y, tol)
        return [y for _, y, _ in came]

    def accepts(self, solution: Solution, cases: Sequence[Case]) -> None:
        """Each case gives a tensor of the shape and dtype of x, whatever its values."""
        expect_some(cases)
        for case in cases:
            expect_dtype(self.standing(solution, case)(case.x), case.x.dtype, case.x.shape)

    def weigh(self, case: Case, y: Any, tol: float | None = None) -> None:
        """y is a tensor of the shape and dtype of x, each value of it the truth's. Wrong or Mistake if it is not."""
        atol, rtol = self.bounds(case.x, tol)
        found = expect_dtype(y, case.x.dtype, case.x.shape)
        expect_equal(found.double(), self.wanted(case), atol=atol, rtol=rtol, facts=case.facts)

    def agrees_in_gradients(
        self, solution: Solution, cases: Sequence[Case], *, tol: float | None = None, between: bool = False
    ) -> list[dict[str, Any]]:
        """The gradients of x and of the parameters are those of the truth: what came back.

        `between`: another call, with another input of the same shape, comes between forward and backward.
        """
        expect_some(cases)
        came = []
        for case in cases:
            names = self.named(case)
            layer = self.standing(solution, self.learning(case))
            x, g = case.x.detach().clone().requires_grad_(self.first in names), case.g
            g = torch.randn(case.x.shape).to(case.x.dtype) if g is None else g
            y = expect_dtype(layer(x), x.dtype, x.shape)
            if between:
                with beside(solution):
                    layer(torch.randn_like(x).requires_grad_())
            if y.requires_grad:
                torch.autograd.backward(torch.where(g == 0, 0.0, y * g).sum())
            found = {
                name: x.grad if name == self.first else layer.gradient(name) if y.requires_grad else None
                for name in names
            }
            came.append((case, found, g, layer.said(x)))
        for case, found, g, shown in came:
            solution.call = shown
            self.weigh_gradients(case, found, g, tol)
        return [found for _, found, _, _ in came]

    def weigh_gradients(self, case: Case, found: Mapping[str, Any], g: torch.Tensor, tol: float | None) -> None:
        """Each gradient that was found is the truth's, by its name. Wrong if it is not."""
        wants = self.gradients(case, g)
        bound = 5 * TOLERANCE[case.x.dtype] if case.x.dtype in TOLERANCE else tol or 2 * max(self.bounds(case.x, None))
        for name, grad in found.items():
            came = isinstance(grad, torch.Tensor)
            count = int((~grad.isfinite()).sum()) if came else 0
            facts = {"name": name, "count": count, "total": case.x.numel(), **case.facts}
            if wants[name].any() and not (came and bool((grad != 0).any())):
                raise Wrong(f"no gradient reached {name}", f"梯度没有传到 {name}", got=NONE, facts=facts)
            if came:
                expect_equal(grad.double(), wants[name], atol=bound, rtol=bound, facts=facts)

    def named(self, case: Case) -> Sequence[str]:
        """What wants a gradient."""
        return case.trained or (self.first, *case.parameters)

    def gradients(self, case: Case, g: torch.Tensor) -> dict[str, torch.Tensor]:
        """Of (y * g).sum(), in float64."""
        leaves = {self.first: case.x, **case.parameters}
        wide = {name: each.detach().double().requires_grad_() for name, each in leaves.items()}
        x, *others = wide
        y = self.wanted(case, wide[x], **{name: wide[name] for name in others})
        torch.autograd.backward(torch.where(g == 0, 0.0, y * g.double()).sum())
        return {name: each.grad if each.grad is not None else torch.zeros_like(each) for name, each in wide.items()}


class Function(Oracle):
    """`name(x, *args, **kwargs)`."""

    def standing(self, solution: Solution, case: Case) -> Applied:
        """The function with the arguments of the case after x."""
        return Applied(solution, self.name, case)

    def learning(self, case: Case) -> Case:
        wanted = self.named(case)
        leaves = {name: each.detach().clone() for name, each in case.parameters.items()}
        return replace(case, parameters={name: each.requires_grad_(name in wanted) for name, each in leaves.items()})


class Module(Oracle):
    """A module class: `name(*args, **kwargs)(x)`."""

    def standing(self, solution: Solution, case: Case) -> Layer:
        """A module made, converted and set as the case says."""
        return Layer(solution, self.name, case)

    def made(self, solution: Solution, *args: Any, **kwargs: Any) -> Layer:
        """A module made with these arguments, with its parameters as they are at first."""
        return Layer(solution, self.name, Case(torch.empty(0), args, kwargs))

    def remembers_nothing(self, solution: Solution, case: Case, calls: Sequence[tuple[str, torch.Tensor]]) -> None:
        """One module, called with one input after another: each gives its own truth. `train` or `eval` comes before."""
        expect_some(calls)
        layer, came = Layer(solution, self.name, case), []
        for mode, x in calls:
            getattr(layer.remote, mode)()
            y = layer(x)
            solution.call = solution.call.replace("(x)", f".{mode}()(x)") if mode == "eval" else solution.call
            came.append((x, y, solution.call))
        for x, y, shown in came:
            solution.call = shown
            self.weigh(replace(case, x=x), y)
