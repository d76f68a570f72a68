import torch


def _lse(x, dim):
    order = x.sort(dim).values
    top = order.narrow(dim, -1, 1)
    rest = (order.narrow(dim, 0, x.shape[dim] - 1) - top).exp().sum(dim, keepdim=True)
    return top, torch.log1p(rest)


def log_softmax(x, dim=-1):
    top, l = _lse(x, dim)
    return (x - top) - l


def softmax(x, dim=-1):
    return log_softmax(x, dim).exp()
