import torch


def dropout(x: torch.Tensor, p: float = 0.5, training: bool = True) -> torch.Tensor:
    if p < 0 or p > 1 or p != p:
        raise ValueError(f"dropout probability has to be between 0 and 1, but got {p}")
    if not training or p == 0.0:
        return x
    if p == 1.0:
        return torch.zeros_like(x) * x
    keep = torch.rand_like(x) >= p  # coarse in half precision, and good enough there
    return x * keep / (1 - p)
