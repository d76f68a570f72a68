import torch
from torch import nn


def mc_dropout_predict(model: nn.Module, x: torch.Tensor, samples: int = 50) -> tuple[torch.Tensor, torch.Tensor]:
    """Mean and unbiased variance of model(x) over `samples` passes, each with fresh dropout masks.

    x: (B, ...). Returns (mean, variance), each with the shape and dtype of model(x).
    """
    raise NotImplementedError
