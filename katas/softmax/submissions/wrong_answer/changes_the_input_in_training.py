import math
import torch


def softmax(x, dim=-1):
    if x.requires_grad:
        x.data.sub_(x.data.amax(dim, keepdim=True))
    s = x - x.amax(dim, keepdim=True)
    e = s.exp()
    return e / e.sum(dim, keepdim=True)


def log_softmax(x, dim=-1):
    z = x - x.amax(dim, keepdim=True)
    return z - z.exp().sum(dim, keepdim=True).log()
