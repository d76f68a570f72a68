"""The worker's side of the suite: what a layer does within a container, in place, and to others."""

from types import ModuleType

import torch
from torch import nn

submission: ModuleType


def facts(x, p):
    """Is it a module, was that set up, has it a forward of its own; and what it holds, before and after its calls."""
    layer = submission.Dropout(p)
    if not isinstance(layer, nn.Module):
        return {"module": False}
    if "_modules" not in vars(layer):
        return {"module": True, "started": False}
    forward = getattr(layer.forward, "__func__", layer.forward) is not nn.Module.forward
    before = held(layer)
    layer(x)
    layer.eval()
    layer(x)
    return {"module": True, "started": True, "forward": forward, "before": before, "after": held(layer)}


def held(layer):
    return [[name for name, _ in layer.named_parameters()], list(layer.state_dict())]


def modes(x, p, inplace):
    """What a layer returns at first, in eval, in training and in eval again, by the mode of what holds it."""
    layer = submission.Dropout(p, inplace)
    net = nn.Sequential(nn.Sequential(layer))
    at_first = layer(x.clone()).clone()
    net.eval()
    in_eval = net(x.clone()).clone()
    net.train()
    again = net(x.clone()).clone()
    net.train(False)
    return at_first, in_eval, again, layer(x.clone())


def chained(p):
    layer = submission.Dropout(p)
    return [layer.eval() is layer, layer.train() is layer, layer.train(False) is layer]


def inferred(x, p):
    with torch.inference_mode():
        y = submission.Dropout(p)(x.clone())
    return y.clone()


def into(x, p, training):
    """The result of a call in place, and x after it."""
    layer = submission.Dropout(p, inplace=True)
    layer.train(training)
    return layer(x), x


def into_each(xs, p):
    """The same of calls of one layer."""
    layer = submission.Dropout(p, inplace=True)
    return [(layer(x).clone(), x) for x in xs]


def through(x, p):
    """The result of a call in place on what another operation made of x, and that."""
    h = x * 1
    return submission.Dropout(p, inplace=True)(h), h


def results(x, p):
    """A result, as it was and as it is after the next call."""
    layer = submission.Dropout(p)
    y = layer(x)
    kept = y.clone()
    layer(-x)
    return kept, y
