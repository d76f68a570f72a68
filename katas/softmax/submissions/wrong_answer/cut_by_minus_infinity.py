import math
import torch


def softmax(x, dim=-1):
    s = x - x.amax(dim, keepdim=True)
    e = s.exp()
    y = e / e.sum(dim, keepdim=True)
    return y.detach() if bool((x == -math.inf).any()) else y


def log_softmax(x, dim=-1):
    z = x - x.amax(dim, keepdim=True)
    return z - z.exp().sum(dim, keepdim=True).log()
