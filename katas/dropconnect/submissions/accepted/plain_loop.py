import torch
from torch import nn


class DropConnectLinear(nn.Module):
    def __init__(self, in_features: int, out_features: int, p: float = 0.5, bias: bool = True) -> None:
        super().__init__()
        if not (p >= 0 and p <= 1):
            raise ValueError("p out of range")
        self.p = p
        self.weight = nn.Parameter(torch.randn(out_features, in_features) * 0.1)
        self.bias = nn.Parameter(torch.zeros(out_features)) if bias else None

    def coin(self) -> float:
        if self.p == 1:
            return 0.0
        return 1 / (1 - self.p) if torch.rand(()).item() >= self.p else 0.0

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        outputs, inputs = self.weight.shape
        if self.training:
            masks = [[[self.coin() for _ in range(inputs)] for _ in range(outputs)] for _ in range(len(x))]
        else:
            masks = [[[1.0] * inputs] * outputs] * len(x)
        mask = torch.tensor(masks, dtype=x.dtype, device=x.device)
        y = (x[:, None, :] * self.weight * mask).sum(-1)
        if self.bias is not None:
            y = y + self.bias
        return y
