import torch


class Dropout(torch.nn.Module):
    def __init__(self, p=0.5, inplace=False):
        if not 0 <= p <= 1:
            raise ValueError(p)
        super().__init__()
        self.p = float(p)
        self.keep = 1.0 - self.p
        self.inplace = bool(inplace)
        self.register_buffer("last_mask", None, persistent=False)

    def forward(self, x):
        if not self.training:
            return x + 0
        self.last_mask = torch.bernoulli(torch.full(x.shape, self.keep, device=x.device))
        wide = x if x.dtype == torch.float64 else x.float()
        y = (wide * self.last_mask / max(self.keep, 1e-30)).to(x.dtype)
        if not self.inplace:
            return y
        x[...] = y
        return x
