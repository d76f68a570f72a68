import torch


def drop_path(x: torch.Tensor, p: float = 0.0, training: bool = True) -> torch.Tensor:
    if not 0 <= p <= 1:
        raise ValueError("p must be in [0, 1]")
    p = p if p == 1 else min(p, 0.95)
    if not training:
        return x
    if p == 1:
        return x * 0
    shape = (x.shape[0],) + (1,) * (x.dim() - 1)
    keep = torch.rand(shape, device=x.device) >= p
    mask = keep.to(x.dtype) / (1 - p)
    return x * mask


def linear_rates(depth: int, p_max: float) -> list[float]:
    if depth == 1:
        return [0.0]
    return [p_max * i / (depth - 1) for i in range(depth)]
