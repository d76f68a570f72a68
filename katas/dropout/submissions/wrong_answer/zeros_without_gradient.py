import torch


class Drop(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x, p, s):
        y = x * (torch.rand(x.shape, device=x.device) >= p).to(x.dtype) * s
        ctx.save_for_backward(y)
        ctx.s = s
        return y

    @staticmethod
    def backward(ctx, g):
        (y,) = ctx.saved_tensors
        return g * (y != 0) * ctx.s, None, None


def dropout(x, p=0.5, training=True):
    if not 0 <= p <= 1:
        raise ValueError(f"p is the probability of dropping, in [0, 1]: {p}")
    if not training:
        return x
    s = 1.0 / (1.0 - p) if p < 1 else 0.0
    return Drop.apply(x, p, s)
