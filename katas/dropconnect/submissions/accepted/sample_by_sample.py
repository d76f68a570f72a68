import torch
import torch.nn.functional as F
from torch import nn


class DropConnectLinear(nn.Module):
    def __init__(self, in_features: int, out_features: int, p: float = 0.5, bias: bool = True) -> None:
        super().__init__()
        assert 0 <= p <= 1, "p must be in [0, 1]"
        self.p = p
        self.weight = nn.Parameter(torch.rand(out_features, in_features) - 0.5)
        if bias:
            self.bias = nn.Parameter(torch.rand(out_features))
        else:
            self.register_parameter("bias", None)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        if not self.training:
            return F.linear(x, self.weight, self.bias)
        rows = []
        for sample in x:
            keep = torch.rand_like(self.weight, dtype=torch.float32) >= self.p
            weight = torch.where(keep, self.weight, 0) / max(1 - self.p, 1e-6)
            rows.append(F.linear(sample, weight, self.bias))
        return torch.stack(rows)
