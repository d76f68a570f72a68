import torch


def dropout(x: torch.Tensor, p: float = 0.5, training: bool = True) -> torch.Tensor:
    assert 0 <= p <= 1
    if p == 0 or not training:
        return x
    if p == 1:
        return torch.zeros_like(x) * x
    keep = (torch.rand(x.shape) > p).type_as(x)
    return keep * x / (1.0 - p)
