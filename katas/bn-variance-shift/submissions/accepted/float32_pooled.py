import torch
from torch import nn


def ratio(mean, var, p):
    if p != p or p < 0 or p > 1:
        raise ValueError("p must lie in [0, 1]")
    m, v = torch.tensor(float(mean)), torch.tensor(float(var))
    return (v / ((v + m * m) / (1 - p) - m * m)).item()


predicted_shift = ratio


def variance_shift(x, p, trials=200):
    if not 0 <= p <= 1:
        raise ValueError(p)
    layer = nn.Dropout(p).train()
    clean = ((x - x.mean()) ** 2).mean()
    dropped = torch.cat([layer(x) for _ in range(trials)])
    return float(clean / ((dropped - dropped.mean()) ** 2).mean())


class Recalibration:
    """Hooks on the inputs of the batch norms, which work in training mode meanwhile."""

    def __init__(self, model):
        self.model = model
        self.flags = [(m, m.training) for m in model.modules()]
        self.norms = [m for m in model.modules() if isinstance(m, nn.modules.batchnorm._BatchNorm)]
        self.sums = {m: [0, 0, 0] for m in self.norms}

    def see(self, norm, args):
        (z,) = args
        z = z.detach().transpose(0, 1).flatten(1)
        entry = self.sums[norm]
        entry[0], entry[1], entry[2] = entry[0] + 1, entry[1] + z.mean(1), entry[2] + z.var(1, unbiased=False)

    def run(self, batches):
        hooks = [m.register_forward_pre_hook(self.see) for m in self.norms]
        self.model.eval()
        for m in self.norms:
            m.train()
        for batch in batches:
            self.model(batch)
        for hook in hooks:
            hook.remove()
        for m in self.norms:
            n, mean, var = self.sums[m]
            m.running_mean.data = mean / n
            m.running_var.data = var / n
        for m, flag in self.flags:
            m.training = flag


def recalibrate_bn(model, batches):
    Recalibration(model).run(batches)
