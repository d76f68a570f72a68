import math

import torch
from torch import nn


def variance(values):
    mean = sum(values) / len(values)
    return sum((value - mean) ** 2 for value in values) / len(values)


def predicted_shift(mean, var, p):
    assert 0 <= p <= 1
    train = var / (1 - p) + p / (1 - p) * mean * mean
    return float(var / train)


def variance_shift(x, p, trials=200):
    assert p >= 0 and p <= 1
    values = x.tolist()
    ratios = []
    clean = variance(values)
    for _ in range(trials):
        dropped = [value / (1 - p) if u >= p else 0.0 for value, u in zip(values, torch.rand(len(values)).tolist())]
        ratios.append(clean / variance(dropped))
    return math.fsum(ratios) / len(ratios)


def recalibrate_bn(model, batches):
    kinds = (nn.BatchNorm1d, nn.BatchNorm2d, nn.BatchNorm3d)
    before = [(m, m.training, getattr(m, "momentum", None)) for m in model.modules()]
    for m, _, _ in before:
        m.training = isinstance(m, kinds)  # all others in eval
    sums = {m: [torch.zeros_like(m.running_mean), torch.zeros_like(m.running_var)] for m, _, _ in before if isinstance(m, kinds)}
    for m in sums:
        m.momentum = 1.0  # the statistics of one batch
    for batch in batches:
        with torch.no_grad():
            model(batch)
        for m, (mean, var) in sums.items():
            mean += m.running_mean
            var += m.running_var
    for m, (mean, var) in sums.items():
        m.running_mean.copy_(mean / len(batches))
        m.running_var.copy_(var / len(batches))
    for m, training, momentum in before:
        m.training = training
        if isinstance(m, kinds):
            m.momentum = momentum
