import torch


class ManualDropout:
    def __init__(self, p):
        if not 0 <= p <= 1:
            raise ValueError(f"p is the probability of dropping and lies in [0, 1], not {p}")
        self.p = p

    def forward(self, x, training=True):
        self.x = x.detach().clone().requires_grad_()
        if not training:
            self.y = self.x * 1
            return self.y.detach()
        keep = torch.rand(x.shape, device=x.device) >= self.p
        scale = 1 / (1 - self.p) if self.p < 1 else 0.0
        self.y = self.x * (keep.to(x.dtype) * scale)
        return self.y.detach()

    def backward(self, grad_out):
        return torch.autograd.grad(self.y, self.x, grad_out, retain_graph=True)[0]
