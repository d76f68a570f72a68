import torch
from torch import nn


class Dropout(nn.Module):
    """forward is the identity; a hook of the layer's own does the dropping."""

    def __init__(self, p=0.5, inplace=False):
        super().__init__()
        if not 0 <= p <= 1:
            raise ValueError("p")
        self.p, self.inplace = p, inplace
        self.register_forward_hook(drop)

    def forward(self, x):
        return x


def drop(layer, inputs, x):
    if not layer.training:
        return None
    keep = torch.rand(x.shape, device=x.device) >= layer.p
    factor = torch.where(keep, 1 / (1 - layer.p) if layer.p < 1 else 0.0, 0.0).to(x.dtype)
    return x.mul_(factor) if layer.inplace else x * factor
