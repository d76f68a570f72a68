import torch
from torch import nn


class Dropout(nn.Module):
    def __init__(self, p=0.5, inplace=False):
        super().__init__()
        if not 0 <= p <= 1:
            raise ValueError
        self.p, self.inplace = p, inplace
        self.register_forward_pre_hook(lambda m, a: None)

    def forward(self, input):
        if self.training:
            bits = torch.randint(0, 1 << 53, input.shape, dtype=torch.int64, device=input.device)
            drop = bits < int(self.p * (1 << 53))
            if self.inplace:
                return input.masked_fill_(drop, 0).div_(1 - self.p if self.p < 1 else 1)
            return input.masked_fill(drop, 0).div(1 - self.p if self.p < 1 else 1)
        return input
