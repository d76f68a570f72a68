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
    keep = torch.rand(weight.shape[0], 1, device=weight.device) >= p
    return nn.functional.embedding(ids, weight * keep / (1 - p), padding_idx=-1)
