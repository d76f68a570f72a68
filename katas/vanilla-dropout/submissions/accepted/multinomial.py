import torch


def vanilla_train(x, p):
    if not 0 <= p <= 1:
        raise ValueError(f"p = {p}")
    if x.numel() == 0:
        return x
    odds = torch.tensor([p, 1 - p], device=x.device)
    keep = torch.multinomial(odds, x.numel(), replacement=True)
    return x * keep.view(x.shape).type_as(x)


def vanilla_eval(x, p):
    if not 0 <= p <= 1:
        raise ValueError(f"p = {p}")
    odds = torch.tensor([p, 1 - p], dtype=x.dtype, device=x.device)
    return odds[0] * torch.zeros_like(x) + odds[1] * x


def fold_into_next(weight, bias, p):
    return vanilla_eval(weight, p), bias
