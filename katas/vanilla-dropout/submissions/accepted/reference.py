import torch


def check(p):
    if not 0 <= p <= 1:  # NaN compares false, so it is refused too
        raise ValueError(f"p is the probability of dropping and lies in [0, 1], not {p}")


def vanilla_train(x, p):
    check(p)
    keep = torch.rand(x.shape, device=x.device) >= p  # rand is in [0, 1): right at p = 0 and p = 1 too
    return x * keep.to(x.dtype)


def vanilla_eval(x, p):
    check(p)
    return x * (1 - p)


def fold_into_next(weight, bias, p):
    check(p)
    return weight * (1 - p), bias  # W((1-p)x) + b = ((1-p)W)x + b
