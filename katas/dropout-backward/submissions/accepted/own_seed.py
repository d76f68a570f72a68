import torch


class ManualDropout:
    """A seed is drawn from the global generator for each forward; a generator of its own makes the mask, twice."""

    def __init__(self, p):
        if not (0 <= p <= 1):
            raise ValueError("p")
        self.p = p

    def forward(self, x, training=True):
        self.seed = int(torch.randint(2**62, ())) if training else None
        return self._times(x)

    def backward(self, grad_out):
        return self._times(grad_out)

    def _times(self, t):
        if self.seed is None or self.p == 0:
            return t
        if self.p == 1:
            return torch.zeros_like(t)
        generator = torch.Generator().manual_seed(self.seed)
        keep = torch.rand(t.shape, generator=generator).to(t.device) > self.p
        return torch.where(keep, t / (1 - self.p), torch.zeros_like(t))
