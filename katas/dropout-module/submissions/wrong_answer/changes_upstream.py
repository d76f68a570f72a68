import torch
from torch import nn


class F(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x, m):
        ctx.save_for_backward(m)
        return x * m

    @staticmethod
    def backward(ctx, g):
        return g.mul_(ctx.saved_tensors[0]), None


class Dropout(nn.Module):
    def __init__(self, p=0.5, inplace=False):
        super().__init__()
        if not 0 <= p <= 1:
            raise ValueError(p)
        self.p = p
        self.inplace = inplace

    def forward(self, x):
        if not self.training:
            return x
        if self.p == 1:
            m = torch.zeros_like(x)
        else:
            m = (torch.rand(x.shape, device=x.device) >= self.p).to(x.dtype) / (1 - self.p)
        return x.mul_(m) if self.inplace else F.apply(x, m)
