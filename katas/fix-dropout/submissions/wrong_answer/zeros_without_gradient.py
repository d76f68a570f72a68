import torch


def dropout(x, p=0.5, training=True):
    if not 0 <= p <= 1:
        raise ValueError(f"p must be in [0, 1], got {p}")
    if not training:
        return x
    s = 1.0 / (1.0 - p) if p < 1 else 0.0
    keep = (torch.rand(x.shape, device=x.device) >= p) & (x != 0)
    return x * keep.to(x.dtype) * s
