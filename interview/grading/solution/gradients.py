"""The gradients: what ties the judge's copies of a call's results to the submission's own autograd graph in the worker.

`backward` in a suite sends the outputs' gradients there, and what comes back goes on to the arguments.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

import torch

from interview.grading.solution.errors import Lie
from interview.grading.wire.values import tensors


class Side(Protocol):
    """The judge's end of the wire."""

    def _backward(self, graph: int, grads: list[Any]) -> Any: ...

    def _free(self, graph: int) -> None: ...


def tie(value: Any, live: Sequence[int], arguments: Any, graph: Graph) -> Any:
    """The same nested value, its tensors of the numbers `live` tied to the graph and to the arguments' leaves."""
    leaves = [each for each in tensors(arguments) if each.requires_grad]
    found = tensors(value)
    outputs = [found[n] for n in sorted(set(live)) if 0 <= n < len(found)]
    if not outputs:
        return value
    copies = [each.detach() for each in outputs]
    tied = Backward.apply(graph, len(outputs), *copies, *leaves, anchor())  # type: ignore[no-untyped-call]
    return replace(value, dict(zip(map(id, outputs), tied, strict=True)))


class Backward(torch.autograd.Function):
    """Ties the judge's copies of a call's outputs to the submission's own autograd graph."""

    @staticmethod
    def forward(ctx: Any, graph: Graph, count: int, *values: Any) -> Any:
        ctx.graph, ctx.leaves = graph, [(each.shape, each.dtype) for each in values[count:-1]]  # the last is the anchor
        return tuple(each.clone() for each in values[:count])

    @staticmethod
    def backward(ctx: Any, *grads: Any) -> Any:
        given = ctx.graph.solution._backward(ctx.graph.number, list(grads))
        if not isinstance(given, list) or len(given) != len(ctx.leaves):
            raise Lie("TypeError", "the gradients cannot be read", None)
        found = [each if isinstance(each, torch.Tensor) else None for each in given]
        for grad, leaf in zip(found, ctx.leaves, strict=True):
            if grad is not None and (grad.shape, grad.dtype) != leaf:  # autograd here would sum it up, or convert it
                raise Lie("TypeError", "a gradient is not of its tensor's shape and dtype", None)
        return None, None, *[None] * len(grads), *found, None


class Graph:
    """An autograd graph in the worker, let go of when the judge's side of it is."""

    def __init__(self, solution: Side, number: int) -> None:
        self.solution, self.number = solution, number

    def __del__(self) -> None:
        self.solution._free(self.number)


def anchor() -> torch.Tensor:
    """Something that requires a gradient, so that outputs do even where only the submission's parameters need one."""
    return torch.zeros((), requires_grad=True)


def replace(value: Any, tied: dict[int, torch.Tensor]) -> Any:
    """The same nested value with some of its tensors replaced."""
    if isinstance(value, torch.Tensor):
        return tied.get(id(value), value)
    if isinstance(value, list):
        return [replace(each, tied) for each in value]
    if isinstance(value, tuple):
        return tuple(replace(each, tied) for each in value)
    if isinstance(value, dict):
        return {key: replace(each, tied) for key, each in value.items()}
    return value
