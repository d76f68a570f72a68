import torch


def dropout(x, p=0.5, training=True):
    if not 0 <= p <= 1:
        raise ValueError(p)
    if not training or p == 0:
        return x
    if p == 1:
        return x * 0
    return x * (torch.randint(0, 100, x.shape, device=x.device) >= int(p * 100)).to(x.dtype) / (1 - p)
