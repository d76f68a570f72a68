import torch


def dropout(x: torch.Tensor, p: float = 0.5, training: bool = True) -> torch.Tensor:
    if not 0.0 <= p <= 1.0:
        raise ValueError(f"p is the probability of dropping, in [0, 1]: {p}")
    if not training:
        return x.detach()
    if p == 0:
        return x
    if p == 1:
        return x * 0
    keep = torch.rand(x.shape, device=x.device) >= p
    return x * keep.to(x.dtype) / (1 - p)
