import torch

ALPHA_PRIME = -1.0507009873554805 * 1.6732632423543772  # SELU at minus infinity


def alpha_dropout(x: torch.Tensor, p: float = 0.5, training: bool = True) -> torch.Tensor:
    if not 0 <= p < 1:
        raise ValueError("p must lie in [0, 1)")
    u = torch.rand(x.shape, dtype=torch.float64).to(x.device)
    keep = (u > p) if training else u >= 0
    if not training:
        p = 0.0
    a = ((1 - p) * (1 + p * ALPHA_PRIME**2)) ** -0.5
    out = torch.full_like(x, a * ALPHA_PRIME * (1 - p))
    return torch.where(keep, x * a - a * p * ALPHA_PRIME, out)
