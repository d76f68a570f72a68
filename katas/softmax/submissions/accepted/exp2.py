import math
import torch


def softmax(x, dim=-1):
    z = (x - x.amax(dim, keepdim=True)) * math.log2(math.e)
    e = torch.exp2(z)
    return e.div(e.sum(dim, keepdim=True))


def log_softmax(x, dim=-1):
    z = x - x.amax(dim, keepdim=True)
    return z - torch.exp2(z * math.log2(math.e)).sum(dim, keepdim=True).log2() * math.log(2)
