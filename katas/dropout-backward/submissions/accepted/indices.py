import torch


class ManualDropout:
    """Remembers where the drops are, as flat indices."""

    def __init__(self, p):
        if not 0 <= p <= 1:
            raise ValueError(p)
        self.p = p

    def forward(self, x, training=True):
        self.training = training
        if training:
            self.dropped = (torch.rand(x.numel(), device=x.device) < self.p).nonzero().flatten()
        return self._apply(x)

    def backward(self, grad_out):
        return self._apply(grad_out)

    def _apply(self, t):
        if not self.training:
            return t
        flat = t.flatten().clone()
        if self.p < 1:
            flat /= 1 - self.p
        flat[self.dropped] = 0
        return flat.view(t.shape)
