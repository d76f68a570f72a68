import torch


def gaussian_dropout(x: torch.Tensor, p: float = 0.5, training: bool = True) -> torch.Tensor:
    if not 0 <= p < 1:
        raise ValueError("p must be in [0, 1)")
    if not training or p < 1e-3:
        return x
    std = (p / (1 - p)) ** 0.5
    noise = 1 + std * torch.randn(x.shape, device=x.device)
    return x * noise.to(x.dtype)
