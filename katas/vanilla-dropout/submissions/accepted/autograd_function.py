import torch


class Gate(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x, gate):
        ctx.save_for_backward(gate)
        return x * gate

    @staticmethod
    def backward(ctx, grad):
        (gate,) = ctx.saved_tensors
        return grad * gate, None


class Vanilla:
    def __init__(self, p):
        if not (0.0 <= p <= 1.0):
            raise ValueError(p)
        self.keep = 1.0 - p

    def train(self, x):
        return Gate.apply(x, torch.bernoulli(torch.full(x.shape, self.keep, device=x.device)).type_as(x))

    def eval(self, x):
        return Gate.apply(x, x.new_full((), self.keep))

    @torch.no_grad()
    def fold(self, weight, bias):
        return weight.mul(self.keep), bias if bias is None else bias.clone()


def vanilla_train(x: torch.Tensor, p: float = 0.5) -> torch.Tensor:
    return Vanilla(p).train(x)


def vanilla_eval(x: torch.Tensor, p: float = 0.5) -> torch.Tensor:
    return Vanilla(p).eval(x)


def fold_into_next(weight, bias, p):
    return Vanilla(p).fold(weight, bias)
