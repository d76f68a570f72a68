import torch


def dropout(x, p=0.5, training=True):
    if not 0 <= p <= 1:
        raise ValueError(f"p must be in [0, 1], got {p}")
    if not training:
        return x
    s = 1.0 / (1.0 - p) if p < 1 else 0.0
    keep = torch.binomial(torch.ones(x.shape, device=x.device), torch.full(x.shape, 1 - p, device=x.device))
    return x * keep.to(x.dtype) * s
