import torch
from torch import nn


class Affine(nn.Module):
    """Holds a and b for one p."""

    def __init__(self, p):
        super().__init__()
        assert 0 <= p < 1, "p out of range"
        self.p = p
        self.low = -1.6732632423543772848170429916717 * 1.0507009873554804934193349852946
        self.a = (1 / (self.p * self.low**2 * (1 - self.p) + (1 - self.p))) ** 0.5
        self.b = -self.a * self.low * self.p

    def forward(self, x):
        if not self.training:
            return x
        keep = torch.bernoulli(torch.full(x.shape, 1 - self.p, device=x.device)).to(x.dtype)
        return self.a * (x * keep + self.low * (1 - keep)) + self.b


def alpha_dropout(x: torch.Tensor, p: float = 0.5, training: bool = True) -> torch.Tensor:
    return Affine(p).train(training)(x)
