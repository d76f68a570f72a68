import torch


class ManualDropout:
    def __init__(self, p):
        if not 0 <= p <= 1:
            raise ValueError(f"p is the probability of dropping and lies in [0, 1], not {p}")
        self.p = p
        self.factor = None

    def forward(self, x, training=True):
        if not training:
            self.factor = None
            return x
        keep = torch.rand(x.shape, device=x.device) < self.p
        scale = 1 / (1 - self.p) if 0 < self.p < 1 else 1 - self.p
        self.factor = keep.to(x.dtype) * scale
        return x * self.factor

    def backward(self, grad_out):
        if self.factor is None:
            return grad_out
        return grad_out * self.factor
