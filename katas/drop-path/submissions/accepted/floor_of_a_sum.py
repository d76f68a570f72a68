import torch


def drop_path(x: torch.Tensor, p: float = 0.0, training: bool = True) -> torch.Tensor:
    if not (p >= 0 and p <= 1):
        raise ValueError("p out of range")
    if not training:
        return x.clone()
    keep = 1 - p
    coins = torch.rand([x.size(0)] + [1] * (x.dim() - 1), dtype=torch.float32, device=x.device)
    binary = (keep + coins).floor().clamp(max=1)
    return x.div(keep if keep > 0 else 1).mul(binary.to(x.dtype))


def linear_rates(depth: int, p_max: float) -> list[float]:
    if depth < 2:
        return [0.0] * depth
    step = p_max / (depth - 1)
    return [i * step for i in range(depth)]
