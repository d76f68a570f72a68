import random

import torch


def dropout(x: torch.Tensor, p: float = 0.5, training: bool = True) -> torch.Tensor:
    if not 0 <= p <= 1:
        raise ValueError(f"p is the probability of dropping and lies in [0, 1], not {p}")
    if not training or p == 0:
        return x
    if p == 1:
        return x * 0
    coins = [float(random.random() > p) for _ in range(x.numel())]
    keep = torch.tensor(coins, dtype=x.dtype, device=x.device).view(x.shape)
    return keep * x / (1.0 - p)
