import torch
from torch.optim.swa_utils import update_bn
from torch.nn.modules.dropout import _DropoutNd


def check(p):
    if not 0.0 <= p <= 1.0:  # also refuses NaN, which compares false
        raise ValueError(f"p is the probability of dropping and lies in [0, 1], not {p}")


def predicted_shift(mean, var, p):
    check(p)
    square = var + mean**2
    return var / (square / (1 - p) - mean**2)  # dropout keeps the mean and divides the mean square by 1 - p


def variance_shift(x, p, trials=200):
    check(p)
    x = x.double()
    total = 0.0
    for _ in range(trials):
        y = x * (torch.rand(x.shape, device=x.device) >= p) / (1 - p)
        total += y.var(unbiased=False).item()
    return x.var(unbiased=False).item() / (total / trials)


def recalibrate_bn(model, batches):
    layers = list(model.modules())
    modes = [layer.training for layer in layers]
    rates = [(layer, layer.p) for layer in layers if isinstance(layer, _DropoutNd)]
    try:
        for layer, _ in rates:
            layer.p = 0.0
        update_bn(batches, model)
    finally:
        for layer, p in rates:
            layer.p = p
        for layer, mode in zip(layers, modes):
            layer.training = mode
