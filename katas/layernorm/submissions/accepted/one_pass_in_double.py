import torch
from torch import nn


class LayerNorm(nn.Module):
    """E[x²] - E[x]², which is safe in float64 for float32 data."""

    def __init__(self, normalized_shape, eps=1e-5, elementwise_affine=True):
        nn.Module.__init__(self)
        self.eps = eps
        self.rank = 1 if isinstance(normalized_shape, int) else len(normalized_shape)
        self.weight = nn.Parameter(torch.ones(normalized_shape), requires_grad=True) if elementwise_affine else None
        self.bias = nn.Parameter(torch.zeros(normalized_shape), requires_grad=True) if elementwise_affine else None

    def forward(self, x):
        d = list(range(x.ndim - self.rank, x.ndim))
        wide = x.to(torch.float64)
        m1 = wide.mean(d, keepdim=True)
        m2 = (wide**2).mean(d, keepdim=True)
        y = (wide - m1) / torch.sqrt((m2 - m1**2).clamp(min=0) + self.eps)
        return (y if self.weight is None else y * self.weight + self.bias).to(x.dtype)
