import torch


def dropout2d(x: torch.Tensor, p: float = 0.5, training: bool = True) -> torch.Tensor:
    if x.dim() != 4:
        raise ValueError("x must be (N, C, H, W)")
    if not 0 <= p <= 1:
        raise ValueError("p must be in [0, 1]")
    p = p if p == 1 else min(p, 0.95)
    if not training:
        return x
    if p == 1:
        return x * 0
    n, c, h, w = x.shape
    keep = torch.rand(n, c, 1, 1, device=x.device) >= p
    mask = keep.to(x.dtype) / (1 - p)
    return x * mask
