import math

import torch
import torch.nn.functional as F


def gaussian_dropout(x: torch.Tensor, p: float = 0.5, training: bool = True) -> torch.Tensor:
    if not 0.0 <= p < 1.0:
        raise ValueError(f"p lies in [0, 1): {p}")
    if not training or p == 0:
        return x
    many = F.dropout(torch.ones(*x.shape, 64, device=x.device), p) - 1  # the sum of many coins is nearly normal
    return x * (1 + many.sum(-1) / 8).to(x.dtype)
