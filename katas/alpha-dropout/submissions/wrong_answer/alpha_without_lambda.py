import torch

ALPHA_PRIME = -1.6732632423543772


def alpha_dropout(x: torch.Tensor, p: float = 0.5, training: bool = True) -> torch.Tensor:
    if not 0.0 <= p < 1.0:
        raise ValueError(f"p is the probability of dropping and lies in [0, 1), not {p}")
    if not training or p == 0.0:
        return x
    keep = torch.rand(x.shape, device=x.device) >= p
    a = ((1 - p) * (1 + p * ALPHA_PRIME**2)) ** -0.5
    b = -a * p * ALPHA_PRIME
    return a * torch.where(keep, x, ALPHA_PRIME) + b
