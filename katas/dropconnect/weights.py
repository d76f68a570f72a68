"""x as the weight of a layer of one input, which is 1: each element of y is that of x, dropped or scaled."""

from collections.abc import Callable
from typing import Any

import torch

submission: Any  # the worker gives it


def layer_of(x: torch.Tensor, p: float) -> Any:
    return submission.DropConnectLinear(1, x.numel(), p, False).to(x.dtype)


def called(layer: Any, x: torch.Tensor) -> torch.Tensor:
    """With the gradient of x; a weight that asks for none would be a frozen one."""
    weight = x.reshape(-1, 1)
    del layer.weight  # a parameter gives way to what was computed from x
    layer.weight = weight if weight.requires_grad else torch.nn.Parameter(weight)
    y: torch.Tensor = layer(torch.ones(1, 1, dtype=x.dtype))
    return (y if x.requires_grad else y.detach()).reshape(x.shape)


def loud(x: torch.Tensor, p: float) -> torch.Tensor:
    return called(layer_of(x, p), x)


def quiet(x: torch.Tensor, p: float) -> torch.Tensor:
    return called(layer_of(x, p).eval(), x)


def standing(p: float) -> Callable[[torch.Tensor], torch.Tensor]:
    layers: dict[int, Any] = {}
    return lambda x: called(layers.setdefault(x.numel(), layer_of(x, p)), x)
