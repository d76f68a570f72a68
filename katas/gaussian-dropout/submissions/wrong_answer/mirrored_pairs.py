import math
import torch


def gaussian_dropout(x, p=0.5, training=True):
    if not 0 <= p < 1:
        raise ValueError(p)
    if not training or p == 0:
        return x
    sd = math.sqrt(p / (1 - p))
    n = x.numel()
    z = torch.randn((n + 1) // 2, device=x.device)
    z = torch.cat([z, -z])[:n].reshape(x.shape)
    return x * (1 + sd * z).to(x.dtype)
