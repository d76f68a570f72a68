import torch


A = -1.0507009873554805 * 1.6732632423543772

def alpha_dropout(x, p=0.5, training=True):
    if not 0 <= p < 1:
        raise ValueError(p)
    if not training or p == 0:
        return x
    keep = torch.randint(0, 100, x.shape, device=x.device) >= int(p * 100)
    a = ((1 - p) * (1 + p * A * A)) ** -0.5
    b = -a * p * A
    return torch.where(keep, x, torch.full_like(x, A)) * a + b
