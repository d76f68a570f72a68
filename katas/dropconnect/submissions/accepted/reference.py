import math

import torch
import torch.nn.functional as F
from torch import nn


class DropConnectLinear(nn.Module):
    def __init__(self, in_features: int, out_features: int, p: float = 0.5, bias: bool = True) -> None:
        super().__init__()
        if not 0.0 <= p <= 1.0:  # also refuses NaN, which compares false
            raise ValueError(f"p is the probability of dropping and lies in [0, 1], not {p}")
        self.p = p
        self.weight = nn.Parameter(torch.empty(out_features, in_features))
        self.bias = nn.Parameter(torch.zeros(out_features)) if bias else None
        nn.init.kaiming_uniform_(self.weight, a=math.sqrt(5))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        if not self.training or self.p == 0.0:
            return F.linear(x, self.weight, self.bias)
        keep = torch.rand(x.shape[0], *self.weight.shape, device=x.device) >= self.p  # (B, out, in): a mask a sample
        scale = 1.0 / (1.0 - self.p) if self.p < 1.0 else 0.0
        weight = self.weight * keep.to(x.dtype) * scale
        y = (weight @ x.unsqueeze(-1)).squeeze(-1)  # (B, out, in) @ (B, in, 1)
        return y if self.bias is None else y + self.bias
