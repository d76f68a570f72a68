"""Beside the submission: what a module says of its parameters."""

from __future__ import annotations

from torch import nn


def names(module: nn.Module) -> list[str]:
    return [name for name, _ in module.named_parameters()]


def trained(module: nn.Module) -> list[str]:
    return [name for name, each in module.named_parameters() if each.requires_grad]
