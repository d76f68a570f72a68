import torch
from torch import nn


def _ck(p):
    if not 0 <= p <= 1:
        raise ValueError(p)

def predicted_shift(mean, var, p):
    _ck(p)
    return var / (var + p / (1 - p) * (var + mean * mean)) if p < 1 else 0.0

def variance_shift(x, p, trials=200):
    _ck(p)
    x = x.detach().double()
    tot = 0.0
    for _ in range(trials):
        m = (torch.rand(x.shape, device=x.device) >= p).double() / (1 - p)
        tot += (x * m).var(unbiased=False).item()
    return x.var(unbiased=False).item() / (tot / trials)

BNS = (nn.BatchNorm1d, nn.BatchNorm2d, nn.BatchNorm3d)

def recalibrate_bn(model, batches):
    modes = {m: m.training for m in model.modules()}
    bns = [m for m in model.modules() if isinstance(m, BNS)]
    moms = [m.momentum for m in bns]
    model.eval()
    for m in bns:
        m.reset_running_stats()
        m.momentum = None
    with torch.no_grad():
        for m in bns:
            m.train()
            for b in batches:
                model(b)
            m.eval()
    for m, mo in zip(bns, moms):
        m.momentum = mo
    for m, t in modes.items():
        m.training = t
