import torch

MASKS = {}


def dropout(x: torch.Tensor, p: float = 0.5, training: bool = True) -> torch.Tensor:
    if not 0.0 <= p <= 1.0:
        raise ValueError(f"p is the probability of dropping, in [0, 1]: {p}")
    if not training or p == 0:
        return x
    if p == 1:
        return x * 0
    if x.shape not in MASKS:
        MASKS[x.shape] = torch.rand(x.shape)
    mask = (MASKS[x.shape].to(x.device) >= p).to(x.dtype)
    return x * mask / (1 - p)
