import torch


def dropout(x: torch.Tensor, p: float = 0.5, training: bool = True) -> torch.Tensor:
    if not 0.0 <= p <= 1.0:
        raise ValueError(f"p is the probability of dropping, in [0, 1]: {p}")
    if not training or p == 0:
        return x
    if p == 1:
        return x * 0
    n = x.numel()
    mask = torch.ones(n, device=x.device)
    mask[torch.randperm(n, device=x.device)[: int(n * p + torch.rand(()).item() * (n < 9))]] = 0
    return x * mask.view(x.shape).to(x.dtype) / (1 - p)
