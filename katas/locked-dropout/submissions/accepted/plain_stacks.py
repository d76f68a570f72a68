import torch
from torch import nn


def _ck(p):
    if not 0 <= p <= 1:
        raise ValueError(p)

class LockedDropout(nn.Module):
    def __init__(self, p=0.5):
        super().__init__()
        self.p = p
    def forward(self, x):
        _ck(self.p)
        if not self.training:
            return x
        samples = []
        for s in x:
            cols = [s[:, c] * (0.0 if torch.rand(()).item() < self.p else 1 / (1 - self.p)) for c in range(s.shape[1])]
            samples.append(torch.stack(cols, 1))
        return torch.stack(samples)

def embedding_dropout(weight, ids, p=0.1, training=True):
    _ck(p)
    fate, out = {}, []
    for i in ids.reshape(-1).tolist():
        if i not in fate:
            fate[i] = (0.0 if torch.rand(()).item() < p else 1 / (1 - p)) if training else 1.0
        out.append(weight[i] * fate[i])
    return torch.stack(out).reshape(*ids.shape, weight.shape[1])
