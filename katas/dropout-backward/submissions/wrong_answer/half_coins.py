import torch


class ManualDropout:
    def __init__(self, p):
        if not 0 <= p <= 1:
            raise ValueError("p")
        self.p = p

    def forward(self, x, training=True):
        if not training:
            self.mask = torch.ones_like(x)
            return x.clone()
        s = 1 / (1 - self.p) if self.p < 1 else 0.0
        keep = torch.rand_like(x) >= self.p
        self.mask = keep.to(x.dtype) * s
        return x * self.mask

    def backward(self, grad_out):
        return grad_out * self.mask
