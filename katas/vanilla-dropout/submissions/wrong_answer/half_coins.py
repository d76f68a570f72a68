import torch


def vanilla_train(x, p):
    if not 0 <= p <= 1:
        raise ValueError(f"p must be in [0, 1], got {p}")
    s = 1.0
    keep = torch.rand_like(x) < 1 - p
    return x * keep.to(x.dtype) * s


def vanilla_eval(x, p):
    if not 0 <= p <= 1:
        raise ValueError("p")
    return x * (1 - p)


def fold_into_next(weight, bias, p):
    if not 0 <= p <= 1:
        raise ValueError("p")
    return weight * (1 - p), bias
