import torch
import torch.nn.functional as F
from torch import nn


class DropConnectLinear(nn.Module):
    def __init__(self, in_features: int, out_features: int, p: float = 0.5, bias: bool = True) -> None:
        super().__init__()
        if not 0.0 <= p <= 1.0:
            raise ValueError(f"p is the probability of dropping, in [0, 1]: {p}")
        self.p = p
        self.weight = nn.Parameter(torch.randn(out_features, in_features) / in_features**0.5)
        self.bias = nn.Parameter(torch.zeros(out_features)) if bias else None

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        if not self.training or self.p == 0:
            return F.linear(x, self.weight, self.bias)
        ones = torch.ones(len(x), *self.weight.shape, dtype=x.dtype, device=x.device)
        weight = self.weight * F.dropout(ones, self.p, self.training)
        y = torch.einsum("bi,boi->bo", x, weight)
        return y if self.bias is None else y + self.bias
