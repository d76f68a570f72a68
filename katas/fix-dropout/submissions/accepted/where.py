import torch


def dropout(x: torch.Tensor, p: float = 0.5, training: bool = True) -> torch.Tensor:
    assert 0 <= p <= 1
    if p == 0 or training is False:
        return x
    drop = torch.rand_like(x, dtype=torch.float32) < p
    if p == 1:
        return x.masked_fill(drop, 0)
    return torch.where(drop, torch.zeros_like(x), x / (1 - p))
