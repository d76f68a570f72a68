import torch
from torch import nn


class Drop(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x, weight, mask):
        ctx.save_for_backward(x, weight, mask)
        return torch.einsum("bi,oi,boi->bo", x, weight, mask)

    @staticmethod
    def backward(ctx, grad):
        x, weight, mask = ctx.saved_tensors
        return torch.einsum("bo,oi,boi->bi", grad, weight, mask), torch.einsum("bo,bi,boi->oi", grad, x, mask), None


class DropConnectLinear(nn.Module):
    def __init__(self, in_features, out_features, p=0.5, bias=True):
        super().__init__()
        if p != p or p < 0 or p > 1:
            raise ValueError("p must be between 0 and 1")
        self.keep = 1 - p
        self.weight = nn.Parameter(torch.empty(out_features, in_features).uniform_(-0.1, 0.1))
        self.bias = nn.Parameter(torch.zeros(out_features)) if bias else None

    def forward(self, x):
        if self.training:
            coins = torch.rand((x.shape[0], *self.weight.shape), device=x.device)
            mask = (coins < self.keep).to(x.dtype) / (self.keep or 1)
            y = Drop.apply(x, self.weight, mask)
        else:
            y = x @ self.weight.T
        return y if self.bias is None else y + self.bias
