import torch


def dropout(x: torch.Tensor, p: float = 0.5, training: bool = True) -> torch.Tensor:
    if not 0.0 <= p <= 1.0:  # also refuses NaN, which compares false
        raise ValueError(f"p is the probability of dropping and lies in [0, 1], not {p}")
    if not training or p == 0.0:
        return x
    if p == 1.0:
        return x * 0.0  # zeros that still belong to the graph; 1/(1-p) would be 0/0
    keep = torch.rand(x.shape, device=x.device) >= p  # rand is in [0, 1): P(keep) is exactly 1 - p
    return x * keep.to(x.dtype) / (1.0 - p)
