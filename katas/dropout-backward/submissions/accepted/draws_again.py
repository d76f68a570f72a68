import torch


class ManualDropout:
    """Stores no mask: the generator's state before the draw is enough to make it again."""

    def __init__(self, p: float):
        if p != p or p < 0 or p > 1:
            raise ValueError(f"bad p: {p}")
        self.p = p

    def mask(self, like):
        return (torch.rand(like.shape).to(like.device) >= self.p).to(like.dtype)

    def apply(self, value, mask):
        return value * mask / (1 - self.p) if self.p < 1 else value * 0

    def forward(self, x, training: bool = True):
        self.training, self.state = training, torch.get_rng_state()
        return self.apply(x, self.mask(x)) if training else x

    def backward(self, grad_out):
        if not self.training:
            return grad_out.clone()
        with torch.random.fork_rng(devices=[]):
            torch.set_rng_state(self.state)
            mask = self.mask(grad_out)
        return self.apply(grad_out, mask)
