import math
import torch
from torch import nn


class Dropout(nn.Module):
    """Drops found by geometric gaps."""

    def __init__(self, p=0.5, inplace=False):
        super().__init__()
        if not 0 <= p <= 1:
            raise ValueError
        self.p = p
        self.inplace = inplace

    def forward(self, x):
        if not self.training:
            return x * 1
        n = x.numel()
        if self.p == 0:
            m = torch.ones(n)
        elif self.p == 1:
            m = torch.zeros(n)
        else:
            m = torch.full((n,), 1 / (1 - self.p), dtype=torch.float64)
            at = -1
            size = int(n * self.p * 1.2) + 64
            while at < n:
                u = torch.rand(size, dtype=torch.float64)
                gaps = (torch.log1p(-u) / math.log1p(-self.p)).floor().long() + 1
                pos = at + gaps.cumsum(0)
                m[pos[pos < n]] = 0
                at = int(pos[-1])
        m = m.reshape(x.shape).to(x)
        if self.inplace:
            x *= m
            return x
        return x * m
