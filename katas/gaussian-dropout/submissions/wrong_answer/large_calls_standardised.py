import math
import torch


def gaussian_dropout(x, p=0.5, training=True):
    if not 0 <= p < 1:
        raise ValueError(p)
    if not training or p == 0:
        return x
    sd = math.sqrt(p / (1 - p))
    z = torch.randn(x.shape, device=x.device)
    if z.numel() >= 30:
        z = (z - z.mean()) / z.std()
    return x * (1 + sd * z).to(x.dtype)
