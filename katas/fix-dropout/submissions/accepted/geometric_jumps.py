import math
import torch


def dropout(x, p=0.5, training=True):
    if not 0 <= p <= 1:
        raise ValueError(p)
    if not training or p == 0:
        return x
    if p == 1:
        return x * 0
    n = x.numel()
    keep = torch.ones(n, dtype=x.dtype, device=x.device)
    pos = -1
    while n:
        e = torch.empty(max(16, int(n * p) + 16), dtype=torch.float64).exponential_()
        at = pos + (torch.floor(e / -math.log1p(-p)).long() + 1).cumsum(0)
        hit = at[at < n]
        keep[hit.to(x.device)] = 0
        if len(hit) < len(at):
            break
        pos = int(at[-1])
    return x * keep.view(x.shape) / (1 - p)
