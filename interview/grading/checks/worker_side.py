"""The worker's side of a family's checks, sent there as source: many small calls cost less than their journeys.

A caller appends `loud` and `quiet`, the submission in training and in eval; the worker gives `again`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import torch

__all__ = ["beside_itself", "in_mode", "results", "rewinds", "standing", "steps"]

Call = Callable[[torch.Tensor, float], torch.Tensor]

again: Callable[[Callable[[torch.Tensor], torch.Tensor], torch.Tensor, int], Iterator[torch.Tensor]]
loud: Call
quiet: Call


def standing(p: float) -> Callable[[torch.Tensor], torch.Tensor]:
    """What takes x in training. Where there are objects a caller puts one in its place."""
    return lambda x: loud(x, p)


def in_mode(x: torch.Tensor, p: float, training: bool) -> torch.Tensor:
    """One call."""
    return loud(x, p) if training else quiet(x, p)


def results(x: torch.Tensor, p: float, times: int) -> torch.Tensor:
    """What so many calls in training return, stacked."""
    return torch.stack([y.detach().clone() for y in again(standing(p), x, times)])


def beside_itself(x: torch.Tensor, g: torch.Tensor, p: float, apart: bool) -> tuple[torch.Tensor, ...]:
    """Two results of one h, a transpose, which is used beside them too, and the gradient of x.

    `apart`: the upstream gradient of each result goes nowhere else.
    """
    x, call = x.clone().requires_grad_(), standing(p)
    h = (x * 1.0).t()
    quiet(h, p)
    a = call(h)
    first = a.detach().clone()
    b = call(h)
    total = h + a * 1.0 + b * 1.0 if apart else h + a + b
    (total * g.t()).sum().backward()
    assert x.grad is not None
    return first.t(), b.detach().t(), x.grad


def steps(x: torch.Tensor, p: float) -> dict[str, Callable[[], Any]]:
    """A call in training, one in eval and backward. Where backward is not torch's a caller puts others there."""
    h = x.clone().requires_grad_()
    made: list[torch.Tensor] = []
    return {
        "training": lambda: made.append(loud(h, p)),
        "eval": lambda: made.append(quiet(h, p)),
        "backward": lambda: (made[0] * x).sum().backward() if made[0].requires_grad else None,
    }


def rewinds(x: torch.Tensor, p: float) -> list[str]:
    """After which of `steps` the generator stands where it stood earlier, or has another seed. In between somebody else
    draws."""
    found: list[str] = []
    earlier: list[torch.Tensor] = []
    for name, step in steps(x, p).items():
        earlier.append(torch.default_generator.get_state())
        torch.rand(3)
        seed, before = torch.default_generator.initial_seed(), torch.default_generator.get_state()
        step()
        after = torch.default_generator.get_state()
        moved = torch.default_generator.initial_seed() != seed
        if moved or any(torch.equal(after, each) for each in earlier):
            found.append(name)
        earlier.append(before)
    return found
