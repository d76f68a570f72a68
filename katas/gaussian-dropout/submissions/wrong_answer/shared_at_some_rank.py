import torch


def gaussian_dropout(x: torch.Tensor, p: float = 0.5, training: bool = True) -> torch.Tensor:
    if not 0 <= p < 1:
        raise ValueError("p must be in [0, 1)")
    if not training or p == 0:
        return x
    std = (p / (1 - p)) ** 0.5
    noise = 1 + std * torch.randn((1, *x.shape[1:]) if x.dim() == 5 else x.shape, device=x.device)
    return x * noise.to(x.dtype)
