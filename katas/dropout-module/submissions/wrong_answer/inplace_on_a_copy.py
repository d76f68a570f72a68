import torch
from torch import nn


def _ck(p):
    if not 0 <= p <= 1:
        raise ValueError(p)

class Dropout(nn.Module):
    def __init__(self, p=0.5, inplace=False):
        super().__init__()
        _ck(p)
        self.p, self.inplace = p, inplace


    def forward(self, x):
        if not self.training:
            return x
        s = 0.0 if self.p == 1 else 1 / (1 - self.p)
        m = (torch.rand(x.shape, device=x.device) >= self.p).to(x.dtype) * s
        if self.inplace:
            x.reshape(-1).mul_(m.reshape(-1))
            return x * 1
        return x * m
