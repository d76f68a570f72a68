import torch
from torch import nn


class Dropout(nn.Module):
    def __init__(self, p=0.5, inplace=False):
        super().__init__()
        if not 0 <= p <= 1:
            raise ValueError(f"p is the probability of dropping and lies in [0, 1], not {p}")
        self.p = p
        self.inplace = inplace
        self.calls = 0

    def forward(self, x):
        if not self.training:
            return x
        keep = torch.rand(x.shape, device=x.device) >= self.p
        scale = 1 / (1 - self.p) if self.p < 1 else 0.0
        factor = keep.to(x.dtype) * scale
        self.calls += 1
        return x.mul_(factor) if self.inplace and self.calls == 1 else x * factor
