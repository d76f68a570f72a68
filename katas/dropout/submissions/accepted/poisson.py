
import math
import torch

def dropout(x, p=0.5, training=True):
    if not (p >= 0 and p <= 1):
        raise ValueError(f"p={p}")
    if not training:
        return x
    if p == 1:
        return x * 0
    rate = -math.log1p(-p)
    events = torch.poisson(torch.full(x.shape, rate, dtype=torch.float64, device=x.device))
    return torch.where(events == 0, x / (1 - p), torch.zeros_like(x))
