import torch
from torch import nn


def predicted_shift(mean: float, var: float, p: float) -> float:
    """Var_eval / Var_train of a unit with this mean and variance, after inverted dropout."""
    raise NotImplementedError


def variance_shift(x: torch.Tensor, p: float, trials: int = 200) -> float:
    """The same ratio, measured on x (N,) over `trials` draws of the mask."""
    raise NotImplementedError


def recalibrate_bn(model: nn.Module, batches: list[torch.Tensor]) -> None:
    """Re-estimate the running statistics of every BatchNorm in model, with dropout off.

    batches: inputs of model, (B, ...) each, floating point.
    """
    raise NotImplementedError
