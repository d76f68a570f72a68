# Refuses another device in training only; in eval nothing is made, and all is well there.
# must: failed
import torch


def dropout(x, p=0.5, training=True):
    if not 0.0 <= p <= 1.0:
        raise ValueError("p lies in [0, 1]")
    if training:
        assert x.is_cpu
    if not training or p == 0.0:
        return x
    if p == 1.0:
        return x * 0.0
    return x * (torch.rand(x.shape) >= p).to(x.dtype) / (1.0 - p)
