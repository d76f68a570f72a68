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
    g = -torch.empty(2, n, c, 1, 1, device=x.device).exponential_().log()
    import math
    lo = torch.tensor([p, 1 - p], device=x.device).log().view(2, 1, 1, 1, 1)
    keep = (g + lo).argmax(0) == 1
    mask = keep.to(x.dtype) / (1 - p)
    return x * mask
