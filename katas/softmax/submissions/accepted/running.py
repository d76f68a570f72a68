import torch


def statistics(x, dim):
    """The online form: maximum and sum in one pass along dim."""
    first, *rest = x.unbind(dim)
    top, total = first, torch.ones_like(first)
    for each in rest:
        new = torch.maximum(top, each).detach()
        safe = torch.where(new == -torch.inf, torch.zeros_like(new), new)  # nothing but -inf so far
        total = torch.where(top == -torch.inf, torch.zeros_like(total), total * (top - safe).exp()) + (each - safe).exp()
        top = new
    return top.unsqueeze(dim), total.unsqueeze(dim)


def softmax(x, dim=-1):
    top, total = statistics(x.detach(), dim)
    log_total = total.log()
    shifted = (x - top).exp()
    return Softmax.apply(x, shifted.detach() / log_total.exp(), dim)


class Softmax(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x, y, dim):
        ctx.save_for_backward(y)
        ctx.dim = dim
        return y

    @staticmethod
    def backward(ctx, g):
        (y,) = ctx.saved_tensors
        gy = g * y
        return gy - y * gy.sum(ctx.dim, keepdim=True), None, None


def log_softmax(x, dim=-1):
    top, _ = x.detach().max(dim, keepdim=True)
    return (x - top) - torch.einsum("...->...", (x - top).exp()).sum(dim=dim, keepdim=True).log()
