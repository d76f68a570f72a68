import math
import torch


A = -1.0507009873554805 * 1.6732632423543772

def alpha_dropout(x, p=0.5, training=True):
    if not 0 <= p < 1:
        raise ValueError(p)
    if not training or p == 0:
        return x
    keep = torch.randn(x.shape, dtype=torch.float64).to(x.device) >= math.sqrt(2) * torch.erfinv(torch.tensor(2.0 * p - 1.0, dtype=torch.float64)).item()
    mean = p * A
    var = (1 - p) * 1.0 + p * A * A - mean * mean
    k = keep.to(torch.float64)
    y = x.double() * k + A * (1 - k)
    return ((y - mean) / math.sqrt(var)).to(x.dtype)
