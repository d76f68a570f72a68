import torch


def dropout(x: torch.Tensor, p: float = 0.5, training: bool = True) -> torch.Tensor:
    assert 0 <= p <= 1, "p must be in [0, 1]"
    if not training or p == 0:
        return x
    if p == 1:
        return x * 0
    keep = torch.bernoulli(torch.full(x.shape, 1 - p, device=x.device))
    return (x * keep.type_as(x)).div(1 - p)
