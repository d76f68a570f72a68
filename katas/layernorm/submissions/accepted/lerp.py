import torch
from torch import nn
class LayerNorm(nn.Module):
    def __init__(self, normalized_shape, eps=1e-5, elementwise_affine=True):
        super().__init__()
        try:
            self.shape = tuple(normalized_shape)
        except TypeError:
            self.shape = (normalized_shape,)
        self.eps = torch.tensor(eps)
        self.weight = self.bias = None
        if elementwise_affine:
            for name, value in dict(bias=0.0, weight=1.0).items():
                delattr(self, name)
                setattr(self, name, nn.Parameter(torch.full(self.shape, value)))
    def forward(self, x):
        k = len(self.shape)
        y = x.to(dtype=torch.float32).movedim(tuple(range(-k, 0)), tuple(range(k))).flatten(0, k - 1) if k else x
        y = y - y.mean(0)
        y = y * ((y * y).mean(0) + float(self.eps)).reciprocal().sqrt()
        y = y.unflatten(0, self.shape).movedim(tuple(range(k)), tuple(range(-k, 0)))
        if self.weight is not None:
            y = torch.lerp(self.bias.to(y), self.bias.to(y) + self.weight.to(y), y)
        return y.to(x)
