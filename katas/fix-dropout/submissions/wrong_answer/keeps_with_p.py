import torch


def dropout(x: torch.Tensor, p: float = 0.5, training: bool = True) -> torch.Tensor:
    if not 0 <= p <= 1:
        raise ValueError(f"p is the probability of dropping and lies in [0, 1], not {p}")
    if not training or p == 0:
        return x
    if p == 1:
        return x * 0
    keep = (torch.rand(x.shape, device=x.device) < p).to(x.dtype)
    return keep * x / (1.0 - p)
