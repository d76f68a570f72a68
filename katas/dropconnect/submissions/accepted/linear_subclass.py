import torch
from torch import nn


class DropConnectLinear(nn.Linear):
    def __init__(self, in_features, out_features, p=0.5, bias=True):
        super().__init__(in_features, out_features, bias)
        self.p = p

    def forward(self, x):
        if not 0 <= self.p <= 1:
            raise ValueError(f"bad p: {self.p}")
        if not self.training:
            return super().forward(x)
        mask = self.weight.new_empty(x.size(0), self.out_features, self.in_features).bernoulli_(1 - self.p)
        if self.p < 1:
            mask = mask / (1 - self.p)
        y = torch.bmm(mask * self.weight, x[..., None])[..., 0]
        return y + self.bias if self.bias is not None else y
