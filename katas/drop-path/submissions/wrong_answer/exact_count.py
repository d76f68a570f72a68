import torch


def drop_path(x: torch.Tensor, p: float = 0.0, training: bool = True) -> torch.Tensor:
    if not 0.0 <= p <= 1.0:
        raise ValueError(f"p is the probability of dropping, in [0, 1]: {p}")
    if not training or p == 0:
        return x
    if p == 1:
        return x * 0
    b = x.shape[0]
    count = int(b * p) + int(torch.rand(()) < b * p % 1)
    mask = torch.ones(b, dtype=x.dtype, device=x.device)
    mask[torch.randperm(b, device=x.device)[:count]] = 0
    mask = mask.view(-1, *[1] * (x.dim() - 1))
    return x * mask / (1 - p)


def linear_rates(depth: int, p_max: float) -> list[float]:
    if depth == 1:
        return [0.0]
    return [p_max * i / (depth - 1) for i in range(depth)]
