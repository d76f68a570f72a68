import torch


def dropout(x: torch.Tensor, p: float = 0.5, training: bool = True) -> torch.Tensor:
    if not (0 <= p <= 1):
        raise ValueError("p")
    if not training:
        return x
    if p == 1:
        return x - x
    keep = torch.rand(x.shape, generator=torch.default_generator) > p if p > 0 else torch.ones(x.shape, dtype=torch.bool)
    return x.div(1 - p) * keep.to(device=x.device, dtype=x.dtype)
