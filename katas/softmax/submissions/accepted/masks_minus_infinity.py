import torch

NEG = float("-inf")


def softmax(x, dim=-1):
    hole = x == NEG
    z = x.masked_fill(hole, torch.finfo(x.dtype).min)
    z = z - z.amax(dim, keepdim=True)
    e = z.exp().masked_fill(hole, 0.0)
    return e * e.sum(dim, keepdim=True).reciprocal()


def log_softmax(x, dim=-1):
    hole = torch.isneginf(x)
    top = x.detach().amax(dim, keepdim=True)
    e = (x - top).exp().masked_fill(hole, 0.0)
    y = torch.where(hole, torch.zeros_like(x), x) - top - e.sum(dim, keepdim=True).log()
    return y.masked_fill(hole, NEG)
