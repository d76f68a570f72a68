import torch

ALPHA_PRIME = -1.0507009873554805 * 1.6732632423543772  # SELU at minus infinity


def alpha_dropout(x: torch.Tensor, p: float = 0.5, training: bool = True) -> torch.Tensor:
    if not 0 <= p < 1:
        raise ValueError("p must lie in [0, 1)")
    if not training or p == 0:
        return x
    # A unit survives if its exponential clock has not rung by -log(1 - p).
    clock = torch.empty(x.shape, device=x.device).exponential_()
    rung = clock < -torch.log1p(torch.tensor(-p, dtype=torch.float64)).item()
    a = ((1 - p) * (1 + p * ALPHA_PRIME**2)) ** -0.5
    return torch.lerp(x, torch.full_like(x, ALPHA_PRIME), rung.to(x.dtype)) * a - a * p * ALPHA_PRIME
