import torch
from torch import nn


class GaussianNoise(nn.Module):
    def __init__(self, p):
        super().__init__()
        if not 0 <= p < 1:
            raise ValueError(f"bad p: {p}")
        self.alpha = p / (1 - p)

    def forward(self, x):
        if self.training:
            epsilon = torch.randn(x.shape).to(x.device) * self.alpha**0.5 + 1
            return x * epsilon.to(x)
        return x


def gaussian_dropout(x: torch.Tensor, p: float = 0.5, training: bool = True) -> torch.Tensor:
    return GaussianNoise(p).train(training)(x)
