import torch


def gaussian_dropout(x: torch.Tensor, p: float = 0.5, training: bool = True) -> torch.Tensor:
    if not 0.0 <= p < 1.0:
        raise ValueError(f"p lies in [0, 1): {p}")
    noise = torch.randn_like(x) * (p / (1 - p)) ** 0.5
    return x + noise * x if training else x + 0
