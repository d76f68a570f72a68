import torch
from torch import nn


def check(p):
    if not 0 <= p <= 1:
        raise ValueError(f"p={p} outside [0, 1]")


class LockedDropout(nn.Module):
    def __init__(self, p=0.5):
        super().__init__()
        check(p)
        self.p = p

    def forward(self, x):
        if not self.training or self.p == 0:
            return x
        if self.p == 1:
            return x * 0
        keep = torch.rand(x.shape[0], 1, x.shape[2], device=x.device) >= self.p
        return x * keep / (1 - self.p)


def embedding_dropout(weight, ids, p=0.1, training=True):
    check(p)
    if not training or p == 0:
        return weight[ids]
    if p == 1:
        return weight[ids] * 0
    types, where = ids.unique(return_inverse=True)
    keep = torch.rand(ids.numel(), 1, device=weight.device) >= p
    return weight[ids] * keep[ids.reshape(-1).clamp(max=ids.numel() - 1)].reshape(*ids.shape, 1) / (1 - p)
