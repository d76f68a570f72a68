import torch
from torch.nn.modules.dropout import _DropoutNd


class Dropout(_DropoutNd):
    def __init__(self, p=0.5, inplace=False):
        assert p == p
        super().__init__(p, inplace)

    def forward(self, x):
        if not self.training or self.p == 0:
            return x
        factor = (torch.rand(x.shape, dtype=torch.float64, device=x.device) >= self.p).to(x.dtype)
        if self.p < 1:
            factor /= 1 - self.p
        if self.inplace:
            return torch.mul(x, factor, out=x) if not x.requires_grad else x.mul_(factor)
        return torch.mul(x, factor)

