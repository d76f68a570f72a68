import torch


def dropout(x: torch.Tensor, rate: float = 0.5, training: bool = True) -> torch.Tensor:
    if not 0.0 <= rate <= 1.0:
        raise ValueError(f"p is the probability of dropping, in [0, 1]: {rate}")
    if not training or rate == 0:
        return x
    if rate == 1:
        return x * 0
    keep = torch.rand(x.shape, device=x.device) >= rate
    return x * keep.to(x.dtype) / (1 - rate)
