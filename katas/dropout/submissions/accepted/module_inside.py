import torch
from torch import nn


class Mine(nn.Module):
    def __init__(self, p: float):
        super().__init__()
        if not 0 <= p <= 1:
            raise ValueError(f"bad p: {p}")
        self.p = p

    def forward(self, x):
        if not self.training:
            return x
        if self.p == 1.0:
            return x.mul(0.0)
        mask = torch.rand(x.shape, dtype=torch.float32, device=x.device).ge(self.p)
        return x.mul(mask).mul(1.0 / (1.0 - self.p))


def dropout(x: torch.Tensor, p: float = 0.5, training: bool = True) -> torch.Tensor:
    return Mine(p).train(training)(x)
