import torch


def check(p):
    if not 0 <= p <= 1:
        raise ValueError(f"p is the probability of dropping and lies in [0, 1], not {p}")


class Drop(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x, p):
        ctx.p = p
        ctx.mask = (torch.rand(x.shape, device=x.device) >= p).to(x.dtype)
        return x * ctx.mask

    @staticmethod
    def backward(ctx, grad):
        return grad * ctx.mask / max(1 - ctx.p, 1e-9), None


def vanilla_train(x, p):
    check(p)
    return Drop.apply(x, p)


def vanilla_eval(x, p):
    check(p)
    return x * (1 - p)


def fold_into_next(weight, bias, p):
    check(p)
    return weight * (1 - p), bias
