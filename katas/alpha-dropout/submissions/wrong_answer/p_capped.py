import torch

LAMBDA, ALPHA = 1.0507009873554805, 1.6732632423543772


def alpha_dropout(x: torch.Tensor, p: float = 0.5, training: bool = True) -> torch.Tensor:
    if not 0 <= p < 1:
        raise ValueError("p must be in [0, 1)")
    if not training or p == 0:
        return x
    p = min(p, 0.95)
    low = -LAMBDA * ALPHA
    q = 1 - p
    a = (q + low * low * q * p) ** -0.5
    b = -a * p * low
    keep = torch.rand(x.shape, device=x.device) >= p
    y = torch.where(keep, x, low)
    return a * y + b
