import torch


def drop_path(x: torch.Tensor, p: float = 0.0, training: bool = True) -> torch.Tensor:
    if not 0.0 <= p <= 1.0:
        raise ValueError(f"p is the probability of dropping and lies in [0, 1], not {p}")
    if not training or p == 0.0:
        return x
    if p > 0.99:
        return x * 0.0
    shape = (x.shape[0],) + (1,) * (x.dim() - 1)
    keep = torch.rand(shape, device=x.device) >= p
    return x * keep.to(x.dtype) / (1.0 - p)


def linear_rates(depth: int, p_max: float) -> list[float]:
    last = max(depth - 1, 1)
    return [p_max * i / last for i in range(depth)]
