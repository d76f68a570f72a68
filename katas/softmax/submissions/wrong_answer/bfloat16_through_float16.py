import math
import torch


def softmax(x, dim=-1):
    d = x.dtype
    x = x.half() if d == torch.bfloat16 else x
    s = x - x.amax(dim, keepdim=True)
    e = s.exp()
    return (e / e.sum(dim, keepdim=True)).to(d)


def log_softmax(x, dim=-1):
    z = x - x.amax(dim, keepdim=True)
    return z - z.exp().sum(dim, keepdim=True).log()
