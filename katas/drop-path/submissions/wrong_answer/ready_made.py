import torch
import torch.nn.functional as F


def drop_path(x: torch.Tensor, p: float = 0.0, training: bool = True) -> torch.Tensor:
    ones = torch.ones((x.shape[0],) + (1,) * (x.dim() - 1), dtype=x.dtype, device=x.device)
    return x * F.dropout(ones, p, training)


def linear_rates(depth: int, p_max: float) -> list[float]:
    if depth == 1:
        return [0.0]
    return [p_max * i / (depth - 1) for i in range(depth)]
