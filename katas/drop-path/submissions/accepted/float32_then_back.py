import torch


def drop_path(x: torch.Tensor, p: float = 0.0, training: bool = True) -> torch.Tensor:
    if not 0.0 <= p <= 1.0:
        raise ValueError(f"p is the probability of dropping, in [0, 1]: {p}")
    if not training or p == 0:
        return x
    if p == 1:
        return x * 0
    wide = x.float() if x.dtype in (torch.float16, torch.bfloat16) else x
    keep = torch.rand(len(x), device=x.device) >= p
    return (wide * keep.view(-1, *[1] * (x.dim() - 1)) / (1 - p)).to(x.dtype)


def linear_rates(depth: int, p_max: float) -> list[float]:
    rates, rate = [], 0.0
    for _ in range(depth):
        rates.append(rate)
        rate += p_max / max(depth - 1, 1)
    return rates
