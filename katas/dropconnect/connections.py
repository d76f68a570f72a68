"""x as connections: of (rows, out · in, 2), the products of a weight ±1, ±2, ±4, … of each output and an input ±1.

The first row's inputs are ones, so x tells both. Each output stands at all of its connections.
"""

from collections.abc import Callable, Iterator
from typing import Any

import torch

submission: Any  # the worker gives it
again: Callable[[Callable[[torch.Tensor], torch.Tensor], torch.Tensor, int], Iterator[torch.Tensor]]


def inputs_of(columns: int) -> int:
    """How many of an output's connections a sum may tell apart, so that its digits are few enough for float32."""
    return next(n for n in range(10, 0, -1) if columns % n == 0)


def made(weight: torch.Tensor, *args: Any, **options: Any) -> Any:
    """A layer of that weight, without bias. What the usual ones drew is not the calls' to answer for."""
    state = torch.get_rng_state()
    layer = submission.DropConnectLinear(*args, **options)
    torch.set_rng_state(state)
    with torch.no_grad():
        layer.weight.copy_(weight)
        if layer.bias is not None:
            layer.bias.zero_()
    return layer


def split(x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """The weight and the input."""
    n = inputs_of(x.shape[1])
    weight = x[0, :, 0].reshape(-1, n)
    return weight.detach(), x[:, :n, 0] / weight[0].detach()


def called(layer: Any, x: torch.Tensor) -> torch.Tensor:
    return spread(layer(split(x)[1]), x)


def spread(y: torch.Tensor, x: torch.Tensor) -> torch.Tensor:
    return y[..., None, None].expand(*y.shape, x.shape[1] // y.shape[1], 2).reshape(x.shape)


def layer_of(x: torch.Tensor, p: float) -> Any:
    weight = split(x)[0]
    return made(weight, weight.shape[1], weight.shape[0], p, False)


def loud(x: torch.Tensor, p: float) -> torch.Tensor:
    return called(layer_of(x, p), x)


def quiet(x: torch.Tensor, p: float) -> torch.Tensor:
    return called(layer_of(x, p).eval(), x)


def plain(x: torch.Tensor, p: float) -> torch.Tensor:
    weight = split(x)[0]
    return called(made(weight, weight.shape[1], weight.shape[0], p), x)


def spelled(x: torch.Tensor, p: float) -> torch.Tensor:
    weight = split(x)[0]
    return called(made(weight, in_features=weight.shape[1], out_features=weight.shape[0], p=p, bias=False), x)


def by_default(x: torch.Tensor) -> torch.Tensor:
    weight = split(x)[0]
    return called(made(weight, weight.shape[1], weight.shape[0]), x)


def standing(p: float) -> Callable[[torch.Tensor], torch.Tensor]:
    layers: dict[Any, Any] = {}

    def call(x: torch.Tensor) -> torch.Tensor:
        if x.shape not in layers:
            layers[x.shape] = layer_of(x, p)
        layer, (weight, inputs) = layers[x.shape], split(x)
        with torch.no_grad():
            layer.weight.copy_(weight)
        return spread(layer(inputs), x)

    return call


def results(x: torch.Tensor, p: float, times: int) -> torch.Tensor:
    """As for any kata, in place of the one before it; but x is split, and the results spread out, once for all."""
    layer, (weight, inputs) = layer_of(x, p), split(x)

    def call(each: torch.Tensor) -> torch.Tensor:
        with torch.no_grad():
            layer.weight.copy_(weight)  # a call may have written into it
        y: torch.Tensor = layer(each)
        return y

    found = torch.stack([y.detach().clone() for y in again(call, inputs, times)])
    return spread(found.flatten(0, 1), x.repeat(times, 1, 1)).reshape(times, *x.shape)
