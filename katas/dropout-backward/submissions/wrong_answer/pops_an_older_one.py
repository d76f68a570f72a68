import torch


class ManualDropout:
    def __init__(self, p):
        if not 0 <= p <= 1:
            raise ValueError(f"p is the probability of dropping and lies in [0, 1], not {p}")
        self.p = p
        self.factors = []

    def forward(self, x, training=True):
        if not training:
            self.factors.append(None)
            return x
        keep = torch.rand(x.shape, device=x.device) >= self.p
        scale = 1 / (1 - self.p) if self.p < 1 else 0.0
        self.factors.append(keep.to(x.dtype) * scale)
        return x * self.factors[-1]

    def backward(self, grad_out):
        factor = self.factors.pop()
        return grad_out if factor is None else grad_out * factor
