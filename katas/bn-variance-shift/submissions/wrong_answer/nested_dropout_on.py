import torch
from torch import nn


def _check(p):
    if not 0 <= p <= 1:
        raise ValueError("p")


def predicted_shift(mean, var, p):
    _check(p)
    if p == 1:
        return 0.0
    return var / ((var + mean**2) / (1 - p) - mean**2)


def variance_shift(x, p, trials=200):
    _check(p)
    if p == 1:
        return 0.0
    total = 0.0
    for _ in range(trials):
        keep = torch.rand(x.shape) >= p
        total += (x * keep / (1 - p)).var(unbiased=False).item()
    return x.var(unbiased=False).item() / (total / trials)


BN = (nn.BatchNorm1d, nn.BatchNorm2d, nn.BatchNorm3d)


def recalibrate_bn(model, batches):
    modes = [(m, m.training) for m in model.modules()]
    norms = [m for m in model.modules() if isinstance(m, BN)]
    momenta = [m.momentum for m in norms]
    try:
        model.train()
        for m in model.children():
            if isinstance(m, nn.modules.dropout._DropoutNd):
                m.eval()
        for m in norms:
            m.reset_running_stats()
            m.momentum = None
        with torch.no_grad():
            for batch in batches:
                model(batch)
    finally:
        for m, mode in modes:
            m.training = mode
        for m, momentum in zip(norms, momenta):
            m.momentum = momentum
