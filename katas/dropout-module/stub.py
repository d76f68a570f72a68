import torch
from torch import nn


class Dropout(nn.Module):
    def __init__(self, p: float = 0.5, inplace: bool = False) -> None:
        """p: the probability of dropping an element, in [0, 1]. inplace: write the result into the input."""
        raise NotImplementedError

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """x: floating point, any shape. Returns a tensor of the same shape and dtype, on the same device."""
        raise NotImplementedError
