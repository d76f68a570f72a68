"""Beside the submission: parameters live here, gradients are sent, and the values after each step go back."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import torch

Tensors = list[torch.Tensor]
submission: Any
unwatched: Callable[[], AbstractContextManager[None]]


def leaf(value: torch.Tensor, plain: bool = False) -> torch.Tensor:
    """A copy that can be trained: an nn.Parameter, or (`plain`) a tensor that is none. It keeps the strides."""
    copy = value.detach().clone()
    return copy.requires_grad_() if plain else torch.nn.Parameter(copy)


def steps(starts: Tensors, grads: Tensors, given: list[list[bool]] | None = None, early: torch.Tensor | None = None,
          *, plain: bool = False, iterator: bool = False, reuse: bool = False, between: bool = False,
          **setting: Any) -> Tensors:  # fmt: skip
    """The values of each parameter after each step. `early`: its gradient when the optimizer is made; `plain`: no
    nn.Parameter; `iterator`: params can be read once; the rest as in `walk`."""
    leaves = [leaf(each, plain) for each in starts]
    if early is not None:
        leaves[0].grad = early.clone()
    optimizer = submission.AdamW((each for each in leaves) if iterator else list(leaves), **setting)
    return walk(optimizer, leaves, grads, given, reuse=reuse, between=between)


def walk(optimizer: Any, leaves: Tensors, grads: Tensors, given: list[list[bool]] | None = None, *,
         reuse: bool = False, between: bool = False) -> Tensors:  # fmt: skip
    """`given`: which steps each has a gradient at; a gradient is a new tensor, or (`reuse`) the same one refilled;
    `between` the steps stands zero_grad()."""
    path: list[Tensors] = [[] for _ in leaves]
    for n in range(len(grads[0])):
        for k, (each, grad) in enumerate(zip(leaves, grads, strict=True)):
            if given is not None and not given[k][n]:
                each.grad = None
            elif reuse and each.grad is not None:
                each.grad.copy_(grad[n])
            else:
                each.grad = grad[n].clone()
        if n:
            with unwatched():
                optimizer.step()
        else:
            optimizer.step()
        for values, each in zip(path, leaves, strict=True):
            values.append(each.detach().clone())
        if any(values[-1].dtype is not grad.dtype for values, grad in zip(path, grads, strict=True)):
            break  # the next gradient could not be assigned
        if between:
            optimizer.zero_grad()
    return [torch.stack(values) for values in path]


def one_step(start: torch.Tensor, grad: torch.Tensor, *args: Any, **setting: Any) -> tuple[Any, ...]:
    """After a step: whether it is a leaf to be trained and autograd is on, its value and its gradient."""
    own = leaf(start)
    own.grad = grad.clone()
    optimizer = submission.AdamW([own], *args, **setting)
    optimizer.step()
    return own.requires_grad, own.is_leaf, torch.is_grad_enabled(), own.detach().clone(), own.grad


def by_name(start: torch.Tensor, grad: torch.Tensor, **setting: Any) -> torch.Tensor:
    """The value after a step, every argument by name."""
    own = leaf(start)
    own.grad = grad.clone()
    submission.AdamW(params=[own], **setting).step()
    return own.detach()


def accepts(setting: dict[str, Any]) -> None:
    """Raises where the setting is refused, at the latest by the first step."""
    one_step(torch.tensor([1.0, -2.0]), torch.tensor([0.5, 1.0]), **setting)


def default_of(name: str) -> Any:
    """As the signature says; None where it does not."""
    try:
        parameter = inspect.signature(submission.AdamW).parameters.get(name)
    except (TypeError, ValueError):
        return None
    value = None if parameter is None else parameter.default
    return value if isinstance(value, int | float | tuple) else None


def in_turn(first: torch.Tensor, second: torch.Tensor, grads: torch.Tensor, **setting: Any) -> Tensors:
    """Two optimizers, stepped in turn, then a third one for the first tensor, made anew: the paths of all."""
    leaves = leaf(first), leaf(second)
    optimizers = [submission.AdamW([each], **setting) for each in leaves]
    paths: tuple[Tensors, Tensors] = [], []
    for grad in grads:
        for own, optimizer, path in zip(leaves, optimizers, paths, strict=True):
            own.grad = grad.clone()
            optimizer.step()
            path.append(own.detach().clone())
    leaves[0].grad = None
    third = walk(submission.AdamW([leaves[0]], **setting), [leaves[0]], [grads])
    return [torch.stack(each) for each in paths] + third


def zeroed(stepped: bool) -> tuple[list[torch.Tensor | None], bool]:
    """The gradients of four parameters after zero_grad(), one of which had none, and whether a value moved."""
    leaves = [leaf(torch.full(shape, n + 1.0)) for n, shape in enumerate(((2, 3), (4,), (), (2, 1, 2)))]
    optimizer = submission.AdamW(each for each in leaves)
    for n, each in enumerate(leaves):
        each.grad = torch.full_like(each, 3.0) if n != 1 else None
    if stepped:
        optimizer.step()
    before = [each.detach().clone() for each in leaves]
    optimizer.zero_grad()
    moved = any(not torch.equal(each, was) for each, was in zip(leaves, before, strict=True))
    return [each.grad for each in leaves], moved


def training(weight: torch.Tensor, bias: torch.Tensor, x: torch.Tensor, target: torch.Tensor, rounds: int,
             **setting: Any) -> Tensors:  # fmt: skip
    """A linear regression with real backward passes: values and gradients of both parameters at each step."""
    leaves = w, b = leaf(weight), leaf(bias)
    optimizer = submission.AdamW([w, b], **setting)
    path: tuple[Tensors, Tensors] = [], []
    seen: tuple[Tensors, Tensors] = [], []
    for _ in range(rounds):
        optimizer.zero_grad()
        torch.autograd.backward(((x @ w + b - target) ** 2).mean())
        for own, grads in zip(leaves, seen, strict=True):
            assert own.grad is not None
            grads.append(own.grad.clone())
        optimizer.step()
        for own, values in zip(leaves, path, strict=True):
            values.append(own.detach().clone())
    return [torch.stack(each) for each in (*path, *seen)]


def two_steps(start: torch.Tensor, grad: torch.Tensor) -> torch.Tensor:
    """Of a parameter that poses as living on another device, so not by `leaf`: a Parameter is no such thing. Beside it
    one that has no gradient lives there too."""
    own, idle = (start.detach().clone().requires_grad_() for _ in range(2))
    own.grad = grad.clone()
    optimizer = submission.AdamW([own, idle])
    optimizer.step()
    optimizer.step()
    return own.detach()
