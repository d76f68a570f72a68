import torch


class Alpha(torch.autograd.Function):
    LOW = -1.7580993408473766

    @staticmethod
    def forward(ctx, x, p):
        ctx.a = ((1 - p) * (1 + p * Alpha.LOW**2)) ** -0.5
        drop = x.new_empty(x.shape, dtype=torch.float32).uniform_() < p
        out = x * ctx.a - ctx.a * p * Alpha.LOW
        out[drop] = ctx.a * Alpha.LOW * (1 - p)
        ctx.save_for_backward(out)
        ctx.low = ctx.a * Alpha.LOW * (1 - p)
        return out

    @staticmethod
    def backward(ctx, grad):
        (out,) = ctx.saved_tensors
        drop = (out - ctx.low).abs() < 1e-3
        return (grad * ctx.a).masked_fill(drop, 0.0), None


def alpha_dropout(x: torch.Tensor, p: float = 0.5, training: bool = True) -> torch.Tensor:
    if p != p or p < 0 or p >= 1:
        raise ValueError("p must lie in [0, 1)")
    return Alpha.apply(x, p) if training else x
