import torch


def dropout2d(x: torch.Tensor, p: float = 0.5, training: bool = True) -> torch.Tensor:
    if x.dim() != 4:
        raise ValueError("x must be (N, C, H, W)")
    if not 0 <= p <= 1:
        raise ValueError("p must be in [0, 1]")
    if not training:
        return x
    if p == 1:
        return x * 0
    n, c, h, w = x.shape
    g = min(c, 64)
    keep = (torch.rand(n, g, 1, 1, device=x.device) >= p).repeat(1, c // g + 1, 1, 1)[:, :c]
    mask = keep.to(x.dtype) / (1 - p)
    return x * mask
