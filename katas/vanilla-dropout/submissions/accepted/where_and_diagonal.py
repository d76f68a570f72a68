import torch


def guarded(function):
    def checked(*args, **kwargs):
        p = kwargs["p"] if "p" in kwargs else args[-1]
        if not 0 <= p <= 1:
            raise ValueError(f"p = {p}")
        return function(*args, **kwargs)

    return checked


@guarded
def vanilla_train(x, p):
    drop = torch.rand(x.size()).to(x.device).lt(p)
    return torch.where(drop, torch.zeros((), dtype=x.dtype, device=x.device), x)


@guarded
def vanilla_eval(x, p):
    return torch.lerp(x, torch.zeros_like(x), p)


@guarded
def fold_into_next(weight, bias, p):
    scale = torch.diag(torch.full((weight.shape[1],), 1 - p, dtype=weight.dtype, device=weight.device))
    return [weight @ scale, bias]
