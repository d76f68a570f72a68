import math

import torch


def draw(x, sigma):
    return (1 + sigma * torch.randn(x.shape, device=x.device)).to(x.dtype)


class Noise(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x, sigma):
        ctx.sigma = sigma
        return x * draw(x, sigma)

    @staticmethod
    def backward(ctx, grad):
        return grad * draw(grad, ctx.sigma), None


def gaussian_dropout(x: torch.Tensor, p: float = 0.5, training: bool = True) -> torch.Tensor:
    if not 0.0 <= p < 1.0:
        raise ValueError(f"p lies in [0, 1): {p}")
    if not training or p == 0:
        return x
    return Noise.apply(x, math.sqrt(p / (1 - p)))
