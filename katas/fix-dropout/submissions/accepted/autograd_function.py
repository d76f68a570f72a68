import torch


class Gate(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x, factor):
        ctx.factor = factor
        return x * factor

    @staticmethod
    def backward(ctx, grad):
        return grad * ctx.factor, None


def dropout(x: torch.Tensor, p: float = 0.5, training: bool = True) -> torch.Tensor:
    """Inverted dropout."""
    if p < 0 or p > 1 or p != p:
        raise ValueError("p must lie in [0, 1]")
    if not training:
        return x
    keep = torch.empty(x.shape, device=x.device).uniform_() > p if p else torch.ones(x.shape, device=x.device)
    factor = keep.to(x.dtype) * (1 / (1 - p) if p < 1 else 0)
    return Gate.apply(x, factor)
