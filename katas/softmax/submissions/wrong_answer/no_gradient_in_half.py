import math
import torch


def softmax(x, dim=-1):
    s = x - x.amax(dim, keepdim=True)
    e = s.exp()
    return e / e.sum(dim, keepdim=True)


def log_softmax(x, dim=-1):
    x = x.detach().clone() if x.dtype in (torch.float16, torch.bfloat16) else x
    z = x - x.amax(dim, keepdim=True)
    return z - z.exp().sum(dim, keepdim=True).log()
