import torch
import torch.nn.functional as F


def _p(p):
    if not (p >= 0 and p <= 1):
        raise ValueError("p must be in [0, 1]")
    return p


def predicted_shift(mean: float, var: float, p: float) -> float:
    q = 1 - _p(p)
    return q * var / (var + p * mean**2)


def variance_shift(x: torch.Tensor, p: float, trials: int = 200) -> float:
    y = F.dropout(x.expand(trials, -1), _p(p), training=True)
    return (x.var() / y.var()).item()


@torch.no_grad()
def recalibrate_bn(model, batches):
    saved = []
    for m in model.modules():
        saved.append((m, m.training))
        m.training = "Dropout" not in type(m).__name__
    norms = [m for m in model.modules() if hasattr(m, "running_mean") and m.running_mean is not None]
    old = [m.momentum for m in norms]
    try:
        for m in norms:
            m.running_mean.zero_()
            m.running_var.fill_(1)
        for n, batch in enumerate(batches, start=1):
            for m in norms:
                m.momentum = 1 / n
            model(batch)
    finally:
        for m, momentum in zip(norms, old):
            m.momentum = momentum
        for m, flag in saved:
            m.training = flag
