import torch

ALPHA_PRIME = -1.0507009873554805 * 1.6732632423543772  # SELU at minus infinity


def alpha_dropout(x: torch.Tensor, p: float = 0.5, training: bool = True) -> torch.Tensor:
    if not 0 <= p < 1:
        raise ValueError("p must lie in [0, 1)")
    if not training:
        return x * 1.0
    wide = x.float()
    mask = torch.empty_like(wide).bernoulli_(1 - p)
    y = wide * mask + ALPHA_PRIME * (1 - mask)
    mean, second = p * ALPHA_PRIME, (1 - p) + p * ALPHA_PRIME**2
    return ((y - mean) / (second - mean**2) ** 0.5).to(x.dtype)
