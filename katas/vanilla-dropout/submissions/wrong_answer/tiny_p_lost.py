import torch


def _ck(p):
    if not 0 <= p <= 1:
        raise ValueError(p)

def vanilla_train(x, p):
    _ck(p)
    return x * (torch.randint(0, 100, x.shape, device=x.device) >= int(p * 100)).to(x.dtype)

def vanilla_eval(x, p):
    _ck(p)
    return x * (1 - p)

def fold_into_next(weight, bias, p):
    _ck(p)
    return weight * (1 - p), bias
