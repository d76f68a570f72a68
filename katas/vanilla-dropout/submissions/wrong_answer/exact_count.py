import torch


def check(p):
    if not 0 <= p <= 1:
        raise ValueError(f"p is the probability of dropping and lies in [0, 1], not {p}")


def vanilla_train(x, p):
    check(p)
    n = x.numel()
    keep = torch.ones(n, device=x.device, dtype=x.dtype)
    if n == 1:
        keep *= torch.rand((), device=x.device) >= p
    else:
        keep[torch.randperm(n, device=x.device)[: round(p * n)]] = 0
    return x * keep.view(x.shape)


def vanilla_eval(x, p):
    check(p)
    return x * (1 - p)


def fold_into_next(weight, bias, p):
    check(p)
    return weight * (1 - p), bias
