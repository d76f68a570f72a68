import torch
from torch import nn

DROPOUTS = (nn.Dropout, nn.Dropout1d, nn.Dropout2d, nn.Dropout3d, nn.AlphaDropout, nn.FeatureAlphaDropout)
NORMS = (nn.BatchNorm1d, nn.BatchNorm2d, nn.BatchNorm3d)


def predicted_shift(mean, var, p):
    assert 0.0 <= p <= 1.0, "p"
    return 1.0 / ((1.0 + mean**2 / var) / (1.0 - p) - mean**2 / var)


def variance_shift(x, p, trials=200):
    assert 0.0 <= p <= 1.0, "p"
    count, mean, m2 = 0, torch.zeros((), dtype=torch.float64), torch.zeros((), dtype=torch.float64)
    for _ in range(trials):  # Chan's way of joining two samples
        y = (x * torch.bernoulli(torch.full_like(x, 1 - p)) / (1 - p)).double()
        d, n = y.mean() - mean, y.numel()
        mean = mean + d * n / (count + n)
        m2 = m2 + (y - y.mean()).square().sum() + d * d * count * n / (count + n)
        count += n
    return (x.double().var(unbiased=False) / (m2 / count)).item()


def recalibrate_bn(model, batches):
    rest = {m: m.p for m in model.modules() if isinstance(m, DROPOUTS)}
    momenta = {m: m.momentum for m in model.modules() if isinstance(m, NORMS)}
    was = [m.training for m in model.modules()]
    model.eval()
    for m in rest:
        m.p = 0.0
    for m in momenta:
        m.train()
        m.momentum = None
        m.reset_running_stats()
    with torch.inference_mode():
        for batch in batches:
            model(batch)
    for m, p in rest.items():
        m.p = p
    for m, momentum in momenta.items():
        m.momentum = momentum
    for m, flag in zip(model.modules(), was):
        m.training = flag
