import contextlib

import torch
from torch import nn


@contextlib.contextmanager
def only_dropout(model):
    before = [(m, m.training) for m in model.modules()]
    try:
        for m, _ in before:
            m.training = "Dropout" in type(m).__name__
        yield
    finally:
        for m, flag in before:
            m.training = flag


@torch.no_grad()
def mc_dropout_predict(model: nn.Module, x: torch.Tensor, samples: int = 50):
    if not samples > 1:
        raise ValueError(samples)
    with only_dropout(model):
        y = model(x.repeat(samples, *[1] * (x.dim() - 1)))
    y = y.reshape(samples, x.shape[0], *y.shape[1:])
    return y.mean(0), y.var(0)
