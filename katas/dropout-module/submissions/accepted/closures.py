import torch


def gate(p):
    """A function that draws the factor for a tensor."""
    if not 0 <= p <= 1:
        raise ValueError(f"p must be in [0, 1], got {p}")
    scale = 0.0 if p == 1 else 1 / (1 - p)

    def draw(x):
        return torch.empty(x.shape, device=x.device).uniform_().ge(p).to(x.dtype).mul(scale)

    return draw


def outplace(x, factor):
    return x * factor


def inplace_(x, factor):
    x *= factor
    return x


class Dropout(torch.nn.Module):
    def __init__(self, p=0.5, inplace=False):
        super().__init__()
        self.draw = gate(p)
        self.write = inplace_ if inplace else outplace

    def forward(self, x):
        return self.write(x, self.draw(x)) if self.training else x
