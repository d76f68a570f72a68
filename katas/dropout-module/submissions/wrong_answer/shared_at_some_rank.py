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
        shape = (x.shape[0], 1, x.shape[2]) if x.dim() == 3 else x.shape
        return ((torch.rand(shape, device=x.device) >= self.p).to(x.dtype) / (1 - self.p)).expand(x.shape)


    def forward(self, x: torch.Tensor) -> torch.Tensor:
        if not self.training:
            return x
        m = self.mask(x)
        if self.inplace:
            return x.mul_(m)
        return x * m
