import math

import torch


def gaussian_dropout(x: torch.Tensor, p: float = 0.5, training: bool = True) -> torch.Tensor:
    if not 0.0 <= p < 1.0:
        raise ValueError(f"p lies in [0, 1): {p}")
    if not training or p == 0:
        return x
    sigma = math.sqrt(p / (1 - p))
    noise = torch.randn(x.shape, device=x.device).to(x.dtype)
    return x * (1 + sigma * noise).clamp(min=0)
