import torch


def dropout(x: torch.Tensor, p: float = 0.5, training: bool = True) -> torch.Tensor:
    if p < 0 or p > 1:
        raise ValueError("p must be in [0, 1]")
    if not training or p == 0:
        return x
    if p == 1:
        return x * 0
    mask = (torch.rand(x.shape, device=x.device) >= p).to(x.dtype)
    return x * mask / (1 - p)
