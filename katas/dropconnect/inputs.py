"""x as a batch of samples of one input, before a layer whose only weight is 1."""

from collections.abc import Callable
from typing import Any

import torch

submission: Any  # the worker gives it


def layer_of(x: torch.Tensor, p: float) -> Any:
    layer = submission.DropConnectLinear(1, 1, p, False).to(x.dtype)
    with torch.no_grad():
        layer.weight.fill_(1.0)
    return layer


def called(layer: Any, x: torch.Tensor) -> torch.Tensor:
    """The gradient is that of x alone."""
    y: torch.Tensor = layer(x.reshape(-1, 1))
    return (y if x.requires_grad else y.detach()).reshape(x.shape)


def loud(x: torch.Tensor, p: float) -> torch.Tensor:
    return called(layer_of(x, p), x)


def quiet(x: torch.Tensor, p: float) -> torch.Tensor:
    return called(layer_of(x, p).eval(), x)


def standing(p: float) -> Callable[[torch.Tensor], torch.Tensor]:
    layer = layer_of(torch.empty(1), p)
    return lambda x: called(layer, x)
