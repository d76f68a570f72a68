import torch


class Dropout(torch.nn.Module):
    def __init__(self, p=0.5, inplace=False):
        super().__init__()
        assert p >= 0 and p <= 1, "p must be in [0, 1]"
        self.p = p
        self.inplace = inplace

    def forward(self, x):
        if not self.training:
            return x
        factors = []
        for _ in range(x.numel()):
            if torch.rand(1).item() < self.p:
                factors.append(0.0)
            else:
                factors.append(1.0 / (1.0 - self.p))
        y = x * torch.tensor(factors, dtype=x.dtype, device=x.device).reshape(x.shape)
        if self.inplace:
            x.copy_(y)
        return y
