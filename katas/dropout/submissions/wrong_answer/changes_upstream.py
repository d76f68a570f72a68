import torch


class F(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x, keep, s):
        ctx.save_for_backward(keep)
        ctx.s = s
        return x * keep * s

    @staticmethod
    def backward(ctx, g):
        (keep,) = ctx.saved_tensors
        return g.mul_(keep).mul_(ctx.s), None, None


def dropout(x, p=0.5, training=True):
    if not 0 <= p <= 1:
        raise ValueError(f"p is the probability of dropping, in [0, 1]: {p}")
    if not training:
        return x
    if p == 1:
        return x * 0
    keep = (torch.rand(x.shape, device=x.device) >= p).to(x.dtype)
    return F.apply(x, keep, 1 / (1 - p))
