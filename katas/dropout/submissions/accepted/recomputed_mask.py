import torch


class Dropout(torch.autograd.Function):
    """Nothing is kept for backward but a state of the generator, from which the mask is drawn once more."""

    @staticmethod
    def forward(ctx, x, p):
        ctx.p, ctx.state = p, torch.get_rng_state()
        return x * (torch.rand(x.shape, device=x.device) >= p).to(x.dtype) / (1 - p)

    @staticmethod
    def backward(ctx, grad):
        with torch.random.fork_rng(devices=[]):  # others go on from where they are
            torch.set_rng_state(ctx.state)
            keep = torch.rand(grad.shape, device=grad.device) >= ctx.p
        return grad * keep.to(grad.dtype) / (1 - ctx.p), None


def dropout(x: torch.Tensor, p: float = 0.5, training: bool = True) -> torch.Tensor:
    if not 0.0 <= p <= 1.0:
        raise ValueError(f"p lies in [0, 1], not at {p}")
    if not training or p == 0:
        return x
    if p == 1:
        return x * 0
    return Dropout.apply(x, p)
