import math

import torch


def standard_normal(shape, device):
    """Two uniform numbers make one normal one; 1 - u keeps the logarithm finite."""
    radius = torch.sqrt(-2 * torch.log(1 - torch.rand(shape, device=device)))
    angle = 2 * math.pi * torch.rand(shape, device=device)
    return radius * torch.cos(angle)


def gaussian_dropout(x: torch.Tensor, p: float = 0.5, training: bool = True) -> torch.Tensor:
    if not 0.0 <= p < 1.0:
        raise ValueError(f"p lies in [0, 1): {p}")
    if not training or p == 0:
        return x
    return x * (1 + math.sqrt(p / (1 - p)) * standard_normal(x.shape, x.device)).to(x.dtype)
