import math
import torch
from torch import nn


def _ck(p):
    if not 0 <= p <= 1:
        raise ValueError(p)

class DropConnectLinear(nn.Module):
    def __init__(self, in_features, out_features, p=0.5, bias=True):
        super().__init__()
        _ck(p)
        self.p = p
        self.weight = nn.Parameter(torch.randn(out_features, in_features) / math.sqrt(in_features))
        if bias:
            self.bias = nn.Parameter(torch.zeros(out_features))
        else:
            self.register_parameter('bias', None)

    def lin(self, x):
        return nn.functional.linear(x, self.weight, self.bias)

    def mask(self, *shape):
        s = 0.0 if self.p == 1 else 1 / (1 - self.p)
        return (torch.rand(*shape, device=self.weight.device) >= self.p).to(self.weight.dtype) * s

    def finish(self, y):
        return y if self.bias is None else y + self.bias

    def forward(self, x):
        if not self.training:
            return self.lin(x)
        B, (O, I) = x.shape[0], self.weight.shape
        m = self.mask(min(B, 16), O, I)
        m = m.repeat((B + 15) // 16, 1, 1)[:B]
        return self.finish((x[:, None, :] * (self.weight * m)).sum(-1))
