import torch


def dropout(x: torch.Tensor, p: float = 0.5, training: bool = True) -> torch.Tensor:
    assert 0 <= p <= 1
    return x if not training else x * (torch.rand(x.shape, device=x.device) >= p) / max(1 - p, 1e-12)
