import torch


class ManualDropout:
    def __init__(self, p):
        assert 0 <= p <= 1, "p must be in [0, 1]"
        self.p = p
        self.scales = []

    def forward(self, x, training=True):
        self.scales = []
        values = []
        for value in x.reshape(-1).tolist():
            if not training:
                scale = 1.0
            elif torch.rand(1).item() < self.p:
                scale = 0.0
            else:
                scale = 1.0 / (1.0 - self.p)
            self.scales.append(scale)
            values.append(value * scale)
        return torch.tensor(values, dtype=x.dtype, device=x.device).reshape(x.shape)

    def backward(self, grad_out):
        values = [g * scale for g, scale in zip(grad_out.reshape(-1).tolist(), self.scales, strict=True)]
        return torch.tensor(values, dtype=grad_out.dtype, device=grad_out.device).reshape(grad_out.shape)
