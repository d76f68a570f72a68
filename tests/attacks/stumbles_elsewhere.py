# Stumbles, on another device only, over something that is not torch's: nothing is seen of its mask there.
# must: failed
import torch


def dropout(x, p=0.5, training=True):
    if not 0.0 <= p <= 1.0:
        raise ValueError("p lies in [0, 1]")
    if x.is_cuda:
        int("elsewhere")
    if not training or p == 0.0:
        return x
    if p == 1.0:
        return x * 0.0
    return x * (torch.rand(x.shape) >= p).to(x.dtype) / (1.0 - p)
