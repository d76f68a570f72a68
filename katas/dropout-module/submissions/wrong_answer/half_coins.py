import torch
from torch import nn


class Dropout(nn.Module):
    def __init__(self, p: float = 0.5, inplace: bool = False) -> None:
        super().__init__()
        if not 0 <= p <= 1:
            raise ValueError(p)
        self.p, self.inplace = p, inplace

    def mask(self, x):
        if self.p == 1:
            return torch.zeros_like(x)
        return (torch.rand_like(x) >= self.p).to(x.dtype) / (1 - self.p)


    def forward(self, x: torch.Tensor) -> torch.Tensor:
        if not self.training:
            return x
        m = self.mask(x)
        if self.inplace:
            return x.mul_(m)
        return x * m
