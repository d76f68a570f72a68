import math

import torch


def gaussian_dropout(x: torch.Tensor, p: float = 0.5, training: bool = True) -> torch.Tensor:
    if not 0.0 <= p < 1.0:
        raise ValueError(f"p lies in [0, 1): {p}")
    if not training or p == 0:
        return x
    sigma = math.sqrt(p / (1 - p))
    n = x.numel()
    m = (n + 1) // 2
    radius = (-2 * torch.log1p(-torch.rand(m, device=x.device))).sqrt()
    angle = 2 * math.pi * torch.rand(m, device=x.device)
    z = torch.cat((radius * angle.cos(), radius * angle.sin()))[:n]
    return x * (sigma * z + 1).reshape(x.shape).to(x.dtype)
