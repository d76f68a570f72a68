import torch

ALPHA_PRIME = -1.0507009873554805 * 1.6732632423543772  # SELU at minus infinity


def alpha_dropout(x: torch.Tensor, p: float = 0.5, training: bool = True) -> torch.Tensor:
    if not 0 <= p < 1:
        raise ValueError("p must lie in [0, 1)")
    if not training:
        return x
    alive = torch.randint(0, 2**30, x.shape, device=x.device) >= p * 2**30
    a = 1 / ((1 - p) * (1 + p * ALPHA_PRIME**2)) ** 0.5
    return (x - ALPHA_PRIME) * alive * a + a * ALPHA_PRIME * (1 - p)
