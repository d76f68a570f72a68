import torch


def vanilla_train(x, p):
    assert 0 <= p <= 1
    return x.masked_fill(torch.rand(x.shape, device=x.device) < p, 0.0)


def vanilla_eval(x, p):
    assert 0 <= p <= 1
    keep = torch.tensor(1.0 - p, dtype=x.dtype, device=x.device)
    return x * keep


def fold_into_next(weight, bias, p):
    assert 0 <= p <= 1
    folded = weight.clone()
    with torch.no_grad():
        folded *= 1 - p
    return folded, bias
