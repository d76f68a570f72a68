import torch


class ManualDropout(torch.nn.Module):
    def __init__(self, p):
        super().__init__()
        if not 0 <= p <= 1:
            raise ValueError(f"p = {p}")
        self.p = p
        self.register_buffer("mask", None, persistent=False)

    def forward(self, x, training=True):
        p = self.p if training else 0.0
        wide = torch.float64 if x.dtype == torch.float64 else torch.float32
        keep = 1 - p
        self.mask = (torch.rand_like(x, dtype=torch.float32) >= p).to(wide) / (keep or 1)
        return (x.to(wide) * self.mask).to(x.dtype)

    def backward(self, grad_out):
        return (grad_out.to(self.mask.dtype) * self.mask).to(grad_out.dtype)
