import torch


class Dropout(torch.nn.Module):
    """In place, x is filled behind the graph; what is returned carries the gradient."""

    def __init__(self, p=0.5, inplace=False):
        super().__init__()
        assert 0 <= p <= 1
        self.p = p
        self.inplace = inplace

    def forward(self, x):
        if not self.training:
            return x
        keep = torch.rand(x.shape, device=x.device).ge(self.p).type_as(x)
        y = x * keep / (1 - self.p) if self.p != 1 else x * 0.0
        if self.inplace:
            with torch.no_grad():
                x.copy_(y)
        return y
