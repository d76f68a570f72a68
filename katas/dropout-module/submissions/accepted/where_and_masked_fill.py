import torch
from torch import Tensor, nn


class Dropout(nn.Module):
    def __init__(self, p: float = 0.5, inplace: bool = False) -> None:
        super().__init__()
        if not (p >= 0.0 and p <= 1.0):
            raise ValueError(f"p={p}")
        self.p = p
        self.inplace = inplace

    def train(self, mode: bool = True):
        return super().train(mode)

    def forward(self, x: Tensor) -> Tensor:
        if not self.training:
            return x
        if self.inplace:
            drop = torch.rand_like(x, dtype=torch.float32) < self.p
            return x.masked_fill_(drop, 0).div_(1 - self.p if self.p < 1 else 1)
        if self.p == 1:
            return x * 0
        keep = torch.rand_like(x, dtype=torch.float32) > self.p
        return torch.where(keep, x / (1 - self.p), torch.zeros_like(x))
