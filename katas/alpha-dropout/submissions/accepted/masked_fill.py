import torch
from torch.nn.functional import selu


def alpha_dropout(x: torch.Tensor, p: float = 0.5, training: bool = True) -> torch.Tensor:
    if not 0 <= p < 1:
        raise ValueError("p must lie in [0, 1)")
    if not training:
        return x
    low = selu(torch.tensor(-100.0)).item()
    drop = torch.rand_like(x, dtype=torch.float32) < p
    a = (1 + p * low * low) ** -0.5 * (1 - p) ** -0.5
    return x.masked_fill(drop, low).mul(a).add(-a * p * low)
