import numbers

import torch
from torch import nn


class LayerNorm(nn.Module):
    weight: nn.Parameter | None
    bias: nn.Parameter | None
    __constants__ = ["eps"]

    def __init__(self, normalized_shape, eps=1e-5, elementwise_affine=True):
        super().__init__()
        if isinstance(normalized_shape, numbers.Integral):
            normalized_shape = (normalized_shape,)
        self.normalized_shape = tuple(normalized_shape)
        self.eps = eps
        self.register_parameter("weight", nn.Parameter(torch.empty(self.normalized_shape)) if elementwise_affine else None)
        self.register_parameter("bias", nn.Parameter(torch.empty(self.normalized_shape)) if elementwise_affine else None)
        self.reset_parameters()

    @torch.no_grad()
    def reset_parameters(self):
        if self.weight is not None:
            nn.init.ones_(self.weight)
            nn.init.zeros_(self.bias)

    def forward(self, x):
        k = len(self.normalized_shape)
        h = x.movedim(tuple(range(-k, 0)), tuple(range(k))) if x.dim() > k else x
        h = h.float()
        axes = tuple(range(k))
        mu = h.mean(axes)
        h = h - mu
        sigma = h.var(axes, unbiased=False) if h.numel() else h.sum(axes)
        h = h / (sigma + self.eps).sqrt()
        h = h.movedim(tuple(range(k)), tuple(range(-k, 0))) if x.dim() > k else h
        if self.weight is not None:
            h = h * self.weight + self.bias
        return h.to(x.dtype)
