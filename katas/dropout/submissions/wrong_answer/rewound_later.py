import torch


class Dropout(torch.autograd.Function):
    """Keeps the generator's state instead of the mask, and forgets to go on from where the others had come."""

    @staticmethod
    def forward(ctx, x, p):
        ctx.p, ctx.state = p, torch.default_generator.get_state()
        keep = torch.rand(x.shape, device=x.device) >= p
        return x * keep.to(x.dtype) / (1 - p)

    @staticmethod
    def backward(ctx, grad):
        torch.default_generator.set_state(ctx.state)
        keep = torch.rand(grad.shape, device=grad.device) >= ctx.p
        return grad * keep.to(grad.dtype) / (1 - ctx.p), None


def dropout(x: torch.Tensor, p: float = 0.5, training: bool = True) -> torch.Tensor:
    if not 0.0 <= p <= 1.0:
        raise ValueError(f"p is the probability of dropping, in [0, 1]: {p}")
    if not training or p == 0:
        return x
    if p == 1:
        return x * 0
    return Dropout.apply(x, p)
