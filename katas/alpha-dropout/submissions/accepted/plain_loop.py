import math

import torch


def alpha_dropout(x: torch.Tensor, p: float = 0.5, training: bool = True) -> torch.Tensor:
    assert p >= 0 and p < 1
    if not training:
        return x.clone()
    prime = -1.0507 * 1.6733  # four decimals will do
    variance = (1 - p) + p * prime**2 - (p * prime) ** 2
    a = 1 / math.sqrt(variance)
    shift = -a * p * prime
    factor, extra = [], []
    for _ in range(x.numel()):
        kept = torch.rand(()).item() >= p
        factor.append(a if kept else 0.0)
        extra.append(shift if kept else a * prime + shift)
    factor = torch.tensor(factor, dtype=x.dtype, device=x.device).reshape(x.shape)
    return x * factor + torch.tensor(extra, dtype=x.dtype, device=x.device).reshape(x.shape)
