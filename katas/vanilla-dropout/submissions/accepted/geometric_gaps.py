import math

import torch


def gaps(n, p):
    """The places of the drops: between two of them lies a geometric number of kept elements."""
    places, at = [], -1
    while True:
        u = 1 - torch.rand((), dtype=torch.float64).item()
        at += 1 + (int(math.log(u) / math.log1p(-p)) if p < 1 else 0)
        if at >= n:
            return places
        places.append(at)


def vanilla_train(x, p):
    assert 0 <= p <= 1, p
    mask = torch.ones(x.numel(), dtype=x.dtype)
    if p > 0 and x.numel():
        mask[torch.tensor(gaps(x.numel(), p), dtype=torch.long)] = 0
    return x * mask.to(x.device).reshape(x.shape)


def vanilla_eval(x, p):
    assert 0 <= p <= 1, p
    return torch.sub(x, x, alpha=p)


def fold_into_next(weight, bias, p):
    assert 0 <= p <= 1, p
    return torch.einsum("oi,i->oi", weight, weight.new_full((weight.shape[1],), 1 - p)), bias
