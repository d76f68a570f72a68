import math
import random

import torch


def gaussian_dropout(x: torch.Tensor, p: float = 0.5, training: bool = True) -> torch.Tensor:
    if not 0.0 <= p < 1.0:
        raise ValueError(f"p lies in [0, 1): {p}")
    if not training or p == 0:
        return x
    sigma = math.sqrt(p / (1 - p))
    noise = torch.tensor([random.gauss(1, sigma) for _ in range(x.numel())], dtype=x.dtype, device=x.device)
    return x * noise.view(x.shape)
