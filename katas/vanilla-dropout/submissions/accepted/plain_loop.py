import torch


def vanilla_train(x, p):
    assert p >= 0 and p <= 1
    flat = []
    for value in x.reshape(-1).unbind():
        flat.append(value * 0 if torch.rand(()).item() < p else value)
    return torch.stack(flat).reshape(x.shape) if flat else x.clone()


def vanilla_eval(x, p):
    assert p >= 0 and p <= 1
    return (1 - p) * x


def fold_into_next(weight, bias, p):
    assert p >= 0 and p <= 1
    rows = [[value * (1 - p) for value in row] for row in weight.tolist()]
    return torch.tensor(rows, dtype=weight.dtype, device=weight.device).reshape(weight.shape), bias
