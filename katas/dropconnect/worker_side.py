"""The worker's side of the suite: layers with given parameters, and what is asked of them there."""

from __future__ import annotations

from typing import Any

import torch
from torch import nn

submission: Any  # the worker gives it


def make(weight: torch.Tensor, bias: torch.Tensor | None, p: float) -> Any:
    layer = submission.DropConnectLinear(weight.shape[1], weight.shape[0], p, bias is not None)
    with torch.no_grad():
        layer.weight.copy_(weight)
        if bias is not None:
            layer.bias.copy_(bias)
    return layer


def is_module(layer: Any) -> bool:
    return isinstance(layer, nn.Module)


def parameters(*args: Any) -> dict[str, list[int]]:
    """Of a new layer, those that are trained, and their shapes."""
    layer = submission.DropConnectLinear(*args)
    return {name: list(each.shape) for name, each in layer.named_parameters() if each.requires_grad}


def frozen(layer: Any, x: torch.Tensor) -> torch.Tensor:
    """What a layer gives for an x that asks for a gradient, when its parameters ask for none."""
    for each in layer.parameters():
        each.requires_grad_(False)
    y: torch.Tensor = layer(x.clone().requires_grad_())
    return y


def in_a_model(layer: Any, x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """As part of a model in eval, and back in training."""
    model = nn.Sequential(nn.Identity(), nn.Sequential(layer)).eval()
    quiet = model(x)
    return quiet, model.train()(x)


def follows(p: float, x: torch.Tensor) -> bool:
    """Does a layer that stood before the seed was set draw by it?"""
    layer = submission.DropConnectLinear(x.shape[1], 40, p, False)
    layer(x)
    found = []
    for seed in (7, 7, 8):
        torch.manual_seed(seed)
        found.append(layer(x))
    return torch.equal(found[0], found[1]) and not torch.equal(found[0], found[2])
