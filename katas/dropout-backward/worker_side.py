"""The worker's side of the suite: objects, each with its forward and its backward."""

from collections.abc import Callable
from typing import Any

import torch

submission: Any  # the worker gives it


def standing(p: float) -> Any:
    one = submission.ManualDropout(p)
    return lambda x: one.forward(x, True)


def loud(x: torch.Tensor, p: float) -> Any:
    return standing(p)(x)


def quiet(x: torch.Tensor, p: float) -> Any:
    return submission.ManualDropout(p).forward(x, False)


def spelled(x: torch.Tensor, p: float) -> Any:
    return submission.ManualDropout(p=p).forward(x=x, training=True)


def plain(x: torch.Tensor, p: float) -> Any:
    return submission.ManualDropout(p).forward(x)


def both_ways(x: torch.Tensor, g: torch.Tensor, p: float, training: bool) -> tuple[Any, Any]:
    """What forward returns, and backward."""
    one = submission.ManualDropout(p)
    return one.forward(x, training), one.backward(g)


def steps(x: torch.Tensor, p: float) -> dict[str, Callable[[], Any]]:
    """What `rewinds` looks at: backward is a method here."""
    one, other = submission.ManualDropout(p), submission.ManualDropout(p)
    return {
        "training": lambda: one.forward(x, True),
        "eval": lambda: other.forward(x, False),
        "backward": lambda: one.backward(x),
    }


def later(x: torch.Tensor, g: torch.Tensor, p: float) -> tuple[Any, Any]:
    """What both return, and the same tensors after the next forward and backward."""
    one = submission.ManualDropout(p)
    y = one.forward(x, True)
    grad = one.backward(g)
    kept = y.clone(), grad.clone()
    one.forward(-x, True)
    one.backward(-g)
    return kept, (y, grad)
