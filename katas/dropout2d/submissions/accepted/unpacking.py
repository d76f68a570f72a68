import torch


def dropout2d(x: torch.Tensor, p: float = 0.5, training: bool = True) -> torch.Tensor:
    n, c, h, w = x.shape  # a ValueError for any other rank
    if not 0.0 <= p <= 1.0:
        raise ValueError(f"bad p: {p}")
    if not training:
        return x
    keep = torch.rand((n, c), device=x.device).ge(p)[:, :, None, None].expand(n, c, h, w)
    return torch.where(keep, x / max(1 - p, 1e-12), torch.zeros_like(x))
