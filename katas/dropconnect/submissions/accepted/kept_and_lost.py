import torch
from torch import nn


def _ck(p):
    if not 0 <= p <= 1:
        raise ValueError(p)

class DropConnectLinear(nn.Linear):
    def __init__(self, in_features, out_features, p=0.5, bias=True):
        super().__init__(in_features, out_features, bias=bias)
        self.rate = p

    def forward(self, x):
        assert 0.0 <= self.rate <= 1.0
        plain = super().forward(x)
        if not self.training:
            return plain
        drop = torch.empty(len(x), *self.weight.shape, device=x.device).uniform_() < self.rate
        lost = torch.einsum('boi,oi,bi->bo', drop.to(x.dtype), self.weight, x)
        full = torch.einsum('oi,bi->bo', self.weight, x)
        kept = torch.einsum('boi,oi,bi->bo', (~drop).to(x.dtype), self.weight, x)
        out = kept / (1 - self.rate) if self.rate < 1 else kept
        return out if self.bias is None else out + self.bias
