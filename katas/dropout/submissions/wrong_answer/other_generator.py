import random

import torch


def dropout(x: torch.Tensor, p: float = 0.5, training: bool = True) -> torch.Tensor:
    if not 0.0 <= p <= 1.0:
        raise ValueError(f"p is the probability of dropping, in [0, 1]: {p}")
    if not training or p == 0:
        return x
    if p == 1:
        return x * 0
    mask = torch.tensor([float(random.random() >= p) for _ in range(x.numel())], dtype=x.dtype, device=x.device)
    return x * mask.view(x.shape) / (1 - p)
