import math

import torch


def gaussian_dropout(x: torch.Tensor, p: float = 0.5, training: bool = True) -> torch.Tensor:
    if not 0.0 <= p < 1.0:  # also refuses NaN, which compares false; at p = 1 the variance is infinite
        raise ValueError(f"p lies in [0, 1), not {p}")
    if not training or p == 0.0:
        return x
    sigma = math.sqrt(p / (1.0 - p))  # an inverted Bernoulli mask has variance p/(1-p); match it
    noise = torch.randn(x.shape, dtype=x.dtype, device=x.device)
    return x * (1.0 + sigma * noise)
