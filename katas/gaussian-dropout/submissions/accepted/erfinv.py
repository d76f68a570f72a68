import math

import torch


def gaussian_dropout(x: torch.Tensor, p: float = 0.5, training: bool = True) -> torch.Tensor:
    if not 0.0 <= p < 1.0:
        raise ValueError(f"p lies in [0, 1): {p}")
    if not training or p == 0:
        return x
    u = torch.rand(x.shape, dtype=torch.float64, device=x.device).clamp(1e-12, 1 - 1e-12)
    factor = 1 + math.sqrt(2 * p / (1 - p)) * torch.erfinv(2 * u - 1)
    return (x.double() * factor).to(x.dtype)
