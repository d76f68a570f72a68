import torch
from torch.nn.modules.batchnorm import _BatchNorm
from torch.nn.modules.dropout import _DropoutNd


def check(p):
    if not 0.0 <= p <= 1.0:
        raise ValueError(f"p is the probability of dropping and lies in [0, 1], not {p}")


def predicted_shift(mean, var, p):
    check(p)
    square = var + mean**2
    return var / (square / (1 - p) - mean**2)


def variance_shift(x, p, trials=200):
    check(p)
    x = x.double()
    total = 0.0
    for _ in range(trials):
        y = x * (torch.rand(x.shape, device=x.device) >= p) / (1 - p)
        total += y.var(unbiased=False).item()
    return x.var(unbiased=False).item() / (total / trials)


def recalibrate_bn(model, batches):
    modes = {module: module.training for module in model.modules()}
    norms = [module for module in model.modules() if isinstance(module, _BatchNorm)]
    momenta = [norm.momentum for norm in norms]
    model.train()
    for module in model.modules():
        if isinstance(module, _DropoutNd):
            module.eval()
    for norm in norms:
        norm.reset_running_stats()
        norm.momentum = 1.0
    with torch.no_grad():
        for batch in batches:
            model(batch)
    for norm, momentum in zip(norms, momenta):
        norm.momentum = momentum
    for module, mode in modes.items():
        module.training = mode
