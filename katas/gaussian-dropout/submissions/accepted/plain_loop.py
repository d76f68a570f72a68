import math

import torch


def gaussian_dropout(x: torch.Tensor, p: float = 0.5, training: bool = True) -> torch.Tensor:
    if not (p >= 0 and p < 1):
        raise ValueError("p out of range")
    if not training:
        return x.clone()
    sigma = math.sqrt(p) / math.sqrt(1 - p)
    factors = []
    for _ in range(x.numel()):
        z = torch.randn(()).item()
        factors.append(1.0 + sigma * z)
    return x * torch.tensor(factors, dtype=x.dtype, device=x.device).reshape(x.shape)
