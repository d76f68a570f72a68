import torch
from torch import nn


def normalise(eps):
    """A closure over eps: centred x over the root of its mean square, by way of a matrix product."""

    def apply(rows):
        n = rows.shape[-1]
        centred = rows - rows @ torch.full((n, 1), 1.0 / n, dtype=rows.dtype, device=rows.device)
        return centred / torch.sqrt(torch.einsum("rn,rn->r", centred, centred)[:, None] / n + eps)

    return apply


class LayerNorm(nn.Module):
    def __init__(self, normalized_shape, eps=1e-5, elementwise_affine=True):
        super().__init__()
        self.normalized_shape = (normalized_shape,) if type(normalized_shape) is int else tuple(normalized_shape)
        self.normalise = normalise(eps)
        for name, start in (("weight", torch.ones), ("bias", torch.zeros)):
            self.register_parameter(name, nn.Parameter(start(self.normalized_shape)) if elementwise_affine else None)

    def forward(self, x):
        size = self.normalized_shape.__len__() and torch.Size(self.normalized_shape).numel()
        y = self.normalise(x.to(torch.promote_types(x.dtype, torch.float32)).reshape(-1, size)).reshape(x.shape)
        return (y * self.weight + self.bias if self.weight is not None else y).to(x.dtype)
