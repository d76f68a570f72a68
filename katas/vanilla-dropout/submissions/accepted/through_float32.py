import torch


def vanilla_train(x, p):
    if p != p or p < 0 or p > 1:
        raise ValueError("p must be between 0 and 1")
    mask = torch.empty(x.shape, device=x.device).uniform_().gt(p).float() if p > 0 else torch.ones(x.shape, device=x.device)
    return (x.float() * mask).to(x.dtype) if x.dtype != torch.float64 else x * mask


def vanilla_eval(x, p):
    if p != p or p < 0 or p > 1:
        raise ValueError("p must be between 0 and 1")
    return (x - x * p).to(x.dtype)


def fold_into_next(weight, bias, p):
    if p != p or p < 0 or p > 1:
        raise ValueError("p must be between 0 and 1")
    return (weight.float() * (1.0 - p)).to(weight.dtype) if weight.dtype != torch.float64 else weight * (1.0 - p), bias
