import math

import torch
from torch import nn

NORMS = (nn.BatchNorm1d, nn.BatchNorm2d, nn.BatchNorm3d)
DROPS = (nn.Dropout, nn.Dropout1d, nn.Dropout2d, nn.Dropout3d, nn.AlphaDropout, nn.FeatureAlphaDropout)


def check(p):
    if not 0 <= p <= 1:
        raise ValueError("p must lie in [0, 1]")


def predicted_shift(mean, var, p):
    check(p)
    if p == 1:
        return 0.0
    return var / ((var + mean**2) / (1 - p) - mean**2)


def variance_shift(x, p, trials=200):
    check(p)
    if p == 1:
        return math.nan
    x = x.double()
    total = 0.0
    for _ in range(trials):
        keep = torch.rand(x.shape, device=x.device) >= p
        total += (x * keep / (1 - p)).var(unbiased=False).item()
    return x.var(unbiased=False).item() / (total / trials)


def recalibrate_bn(model, batches):
    modes = [(m, m.training) for m in model.modules()]
    norms = [m for m in model.modules() if isinstance(m, NORMS)]
    momenta = [m.momentum for m in norms]
    for m in norms:
        m.reset_running_stats()
        m.momentum = None
    try:
        model.train()
        for m in model.modules():
            if isinstance(m, DROPS):
                m.eval()
        with torch.no_grad():
            for batch in batches:
                model(batch)
    finally:
        for m, momentum in zip(norms, momenta):
            m.momentum = momentum
        for m, mode in modes:
            m.train(mode)
