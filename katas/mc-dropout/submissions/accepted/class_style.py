import torch
from torch import nn


class DropoutOn:
    """Eval for all but the dropout layers, and everything back in its place at the end."""

    def __init__(self, model):
        self.model = model
        self.flags = []

    def __enter__(self):
        stack = [self.model]
        while stack:
            module = stack.pop()
            self.flags.append((module, module.training))
            module.training = isinstance(module, nn.modules.dropout._DropoutNd)
            stack.extend(module.children())
        return self.model

    def __exit__(self, *_):
        for module, flag in reversed(self.flags):
            module.training = flag
        return False


def mc_dropout_predict(model, x, samples=50):
    if samples <= 1:
        raise ValueError("samples must be > 1")
    with torch.no_grad(), DropoutOn(model) as m:
        draws = [m(x) for _ in range(samples)]
    variance, mean = torch.var_mean(torch.stack(draws), dim=0, correction=1)
    return [mean, variance]
