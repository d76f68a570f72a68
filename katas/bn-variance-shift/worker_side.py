"""Beside the submission: models with batch norms that have a past, and what is in them."""

from __future__ import annotations

from typing import Any

import torch
from torch import nn
from torch.nn.modules.batchnorm import _BatchNorm

submission: Any
NORMS: dict[str, type[_BatchNorm]] = {
    "Dropout2d": nn.BatchNorm2d, "FeatureAlphaDropout": nn.BatchNorm2d, "Dropout3d": nn.BatchNorm3d,
}  # fmt: skip


def fill(norm: _BatchNorm, momentum: float | None = 0.1) -> _BatchNorm:
    """A batch norm with a past: statistics of its own, affine weights, batches counted."""
    assert norm.running_mean is not None
    assert norm.running_var is not None
    assert norm.num_batches_tracked is not None
    with torch.no_grad():
        norm.running_mean.copy_(torch.randn_like(norm.running_mean) * 3)
        norm.running_var.copy_(torch.rand_like(norm.running_var) * 5 + 3)
        norm.num_batches_tracked.fill_(7)
        if norm.affine:
            norm.weight.copy_(torch.rand_like(norm.weight) + 0.5)
            norm.bias.copy_(torch.rand_like(norm.bias) * 0.5)  # no channel dies in a ReLU
    norm.momentum = momentum
    return norm


def single(momentum: float | None = 0.1) -> nn.Module:
    return nn.Sequential(nn.Identity(), fill(nn.BatchNorm1d(3), momentum))


def after(kind: str) -> nn.Module:
    """A dropout of that kind, and a batch norm after it."""
    return nn.Sequential(getattr(nn, kind)(0.5), fill(NORMS.get(kind, nn.BatchNorm1d)(3)))


def deep_dropout() -> nn.Module:
    return nn.Sequential(nn.Sequential(nn.Identity(), nn.Sequential(nn.Dropout(0.5))), fill(nn.BatchNorm1d(3)))


def of_kind(kind: str) -> nn.Module:
    return nn.Sequential(fill(getattr(nn, kind)(3)))


def root() -> nn.Module:
    return fill(nn.BatchNorm1d(3))


def without_affine() -> nn.Module:
    return nn.Sequential(fill(nn.BatchNorm1d(3, affine=False)))


def nested() -> nn.Module:
    return nn.Sequential(nn.Sequential(nn.Identity(), nn.Sequential(fill(nn.BatchNorm1d(3)))))


def stacked() -> nn.Module:
    return nn.Sequential(fill(nn.BatchNorm1d(3)), nn.ReLU(), nn.Dropout(0.5), fill(nn.BatchNorm1d(3)))


def mixed() -> nn.Module:
    first, norm = nn.Linear(3, 4), fill(nn.BatchNorm1d(4), 0.3)
    first.bias.requires_grad_(False)
    with torch.no_grad():
        norm.weight[0].neg_()  # a weight may be negative; not where a ReLU would kill its channel
    inner = nn.Sequential(nn.Linear(4, 3), nn.AlphaDropout(0.2), fill(nn.BatchNorm1d(3), None))
    return nn.Sequential(first, norm, nn.Dropout(0.4), inner, nn.Dropout(0.1))


def sharing() -> nn.Module:
    """A dropout layer in two blocks."""
    drop = nn.Dropout(0.3)
    return nn.Sequential(nn.Sequential(drop), nn.Sequential(drop), fill(nn.BatchNorm1d(3)))


def made(name: str, flags: bool | list[bool], *args: Any) -> tuple[nn.Module, str]:
    """One of the models above, each of its modules in training or not, and how it is shown."""
    model: nn.Module = globals()[name](*args).train()
    if isinstance(flags, bool):
        model.train(flags)
    else:
        for module, flag in zip(model.modules(), flags, strict=False):
            module.training = flag
    return model, shown(model) + ("" if model.training else ".eval()")


def shown(model: nn.Module) -> str:
    inner = ", ".join(shown(each) for each in model.children())
    return type(model).__name__ + (f"({inner})" if inner else "")


def held(model: nn.Module) -> list[list[torch.Tensor | None]]:
    """Running mean, running variance, weight and bias of each batch norm."""
    norms = [each for each in model.modules() if isinstance(each, _BatchNorm)]
    values = [[each.running_mean, each.running_var, each.weight, each.bias] for each in norms]
    return [[each if each is None else each.detach().clone() for each in one] for one in values]


def state(model: nn.Module) -> dict[str, Any]:
    """All that is to be as before."""
    modules = list(model.modules())
    return {
        "weights": {name: each.detach().clone() for name, each in model.named_parameters()},
        "wants": [each.requires_grad for each in model.parameters()],
        "momenta": [each.momentum for each in modules if isinstance(each, _BatchNorm)],
        "rates": [each.p for each in modules if hasattr(each, "p")],
        "modes": [each.training for each in modules],
        "hooks": [len(each._forward_hooks) + len(each._forward_pre_hooks) for each in modules],
    }


def modes_after(model: nn.Module, batches: list[torch.Tensor]) -> tuple[bool, bool]:
    """Is autograd on after the call, and does a batch require a gradient?"""
    submission.recalibrate_bn(model, batches)
    return torch.is_grad_enabled(), any(each.requires_grad for each in batches)
