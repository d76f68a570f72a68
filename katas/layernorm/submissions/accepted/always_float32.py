import math

import torch


class LayerNorm(torch.nn.Module):
    def __init__(self, normalized_shape, eps=1e-5, elementwise_affine=True):
        super().__init__()
        self.shape = [normalized_shape] if isinstance(normalized_shape, int) else list(normalized_shape)
        self.eps = eps
        self.weight = self.bias = None
        if elementwise_affine:
            self.weight = torch.nn.Parameter(torch.ones(self.shape))
            self.bias = torch.nn.Parameter(torch.zeros(self.shape))

    def forward(self, x):
        n = math.prod(self.shape)
        flat = x.float().flatten(start_dim=x.dim() - len(self.shape))
        mu = flat.sum(-1, keepdim=True) / n
        centred = flat - mu
        variance = (centred * centred).sum(-1, keepdim=True) / n
        y = (centred * (variance + self.eps) ** -0.5).reshape(x.shape)
        if self.weight is not None:
            y = y * self.weight.float() + self.bias.float()
        return y.type_as(x)
