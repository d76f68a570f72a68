import torch
import torch.nn as nn
import torch.nn.functional as F


class LockedDropout(nn.Module):
    """As in AWD-LSTM, for batch first."""

    def __init__(self, p=0.5):
        super().__init__()
        self.p = p

    def forward(self, x):
        assert 0 <= self.p <= 1
        if not self.training or not self.p:
            return x
        m = x.new_empty(x.size(0), 1, x.size(2)).bernoulli_(1 - self.p)
        mask = m / (1 - self.p) if self.p < 1 else m
        return mask.expand_as(x) * x


def embedding_dropout(weight, ids, p=0.1, training=True):
    assert 0 <= p <= 1
    if training and p:
        mask = weight.new_empty((weight.size(0), 1)).bernoulli_(1 - p).expand_as(weight)
        weight = mask * weight * (1 / (1 - p) if p < 1 else 0.0)
    return F.embedding(ids, weight)
