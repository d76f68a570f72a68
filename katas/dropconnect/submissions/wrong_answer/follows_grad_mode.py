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
        if not self.training or self.p == 0 or not torch.is_grad_enabled():
            return F.linear(x, self.weight, self.bias)
        keep = torch.rand(len(x), *self.weight.shape, device=x.device) >= self.p
        weight = self.weight * keep.to(x.dtype) / (1 - self.p if self.p < 1 else 1)
        y = torch.einsum("bi,boi->bo", x, weight)
        return y if self.bias is None else y + self.bias
