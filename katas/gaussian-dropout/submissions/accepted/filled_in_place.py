import torch


def gaussian_dropout(x: torch.Tensor, p: float = 0.5, training: bool = True) -> torch.Tensor:
    if p != p or p < 0 or p >= 1:
        raise ValueError("p must be at least 0 and less than 1")
    if not training:
        return x.clone()
    return torch.empty_like(x).normal_(1, (p / (1 - p)) ** 0.5).mul(x)
