import torch


def dropout(x: torch.Tensor, p: float = 0.5, training: bool = True) -> torch.Tensor:
    if not 0.0 <= p <= 1.0:
        raise ValueError(f"p is the probability of dropping, in [0, 1]: {p}")
    keep = torch.rand_like(x.float()) >= p
    keep = keep.to(x.dtype)
    if p == 0:
        return x.clone()
    if p == 1:
        return x * 0 if training else x * 1
    return x * keep / (1 - p) if training else x + 0
