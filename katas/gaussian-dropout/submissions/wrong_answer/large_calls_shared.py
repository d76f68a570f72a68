import torch


def gaussian_dropout(x: torch.Tensor, p: float = 0.5, training: bool = True) -> torch.Tensor:
    if not 0 <= p < 1:
        raise ValueError("p must be in [0, 1)")
    if not training or p == 0:
        return x
    std = (p / (1 - p)) ** 0.5
    n = x.numel()
    g = torch.randn(min(n, 16384), device=x.device).repeat(n // 16384 + 1)[:n].view(x.shape)
    noise = 1 + std * g
    return x * noise.to(x.dtype)
