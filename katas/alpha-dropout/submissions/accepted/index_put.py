import torch

ALPHA_PRIME = -1.0507009873554805 * 1.6732632423543772  # SELU at minus infinity


def alpha_dropout(x: torch.Tensor, p: float = 0.5, training: bool = True) -> torch.Tensor:
    if not 0 <= p < 1:
        raise ValueError("p must lie in [0, 1)")
    if not training:
        return x.view_as(x)
    gone = torch.nonzero(torch.rand(x.numel(), device=x.device) < p).flatten()
    flat = x.reshape(-1).index_fill(0, gone, ALPHA_PRIME)
    a = ((1 - p) * (1 + p * ALPHA_PRIME * ALPHA_PRIME)) ** -0.5
    return torch.add(flat * a, -a * p * ALPHA_PRIME).reshape(x.shape)
