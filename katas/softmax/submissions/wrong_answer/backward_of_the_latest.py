import torch


class Softmax(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x, dim):
        e = (x - x.amax(dim, keepdim=True)).exp()
        y = e / e.sum(dim, keepdim=True)
        Softmax.y = y
        ctx.dim = dim
        return y

    @staticmethod
    def backward(ctx, g):
        y = Softmax.y
        return y * (g - (g * y).sum(ctx.dim, keepdim=True)), None


class LogSoftmax(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x, dim):
        z = x - x.amax(dim, keepdim=True)
        y = z - z.exp().sum(dim, keepdim=True).log()
        ctx.save_for_backward(y)
        ctx.dim = dim
        return y

    @staticmethod
    def backward(ctx, g):
        (y,) = ctx.saved_tensors
        return g - y.exp() * g.sum(ctx.dim, keepdim=True), None


def softmax(x: torch.Tensor, dim: int = -1) -> torch.Tensor:
    return Softmax.apply(x, dim)


def log_softmax(x: torch.Tensor, dim: int = -1) -> torch.Tensor:
    return LogSoftmax.apply(x, dim)
