import torch
from torch import nn


class DropPath(nn.Module):
    def __init__(self, p):
        super().__init__()
        if not 0 <= p <= 1:
            raise ValueError(f"bad p: {p}")
        self.p = p

    def forward(self, x):
        coins = torch.rand(x.shape[0], device=x.device)  # drawn in eval too, and not used there
        if not self.training:
            return x
        dropped = coins < self.p
        while dropped.dim() < x.dim():
            dropped = dropped.unsqueeze(-1)
        if self.p == 1:
            return x.mul(0)
        return x.masked_fill(dropped, 0) * (1 / (1 - self.p))


def drop_path(x: torch.Tensor, p: float = 0.0, training: bool = True) -> torch.Tensor:
    return DropPath(p).train(training)(x)


def linear_rates(depth: int, p_max: float) -> list[float]:
    match depth:
        case 1:
            return [0.0]
        case _:
            return [*linear_steps(depth, p_max)]


def linear_steps(depth, p_max):
    for block in range(depth):
        yield p_max * (block / (depth - 1))
