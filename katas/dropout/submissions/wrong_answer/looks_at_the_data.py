import torch


def dropout(x: torch.Tensor, p: float = 0.5, training: bool = True) -> torch.Tensor:
    if not 0.0 <= p <= 1.0:
        raise ValueError(f"p is the probability of dropping, in [0, 1]: {p}")
    if not training or p == 0 or x.numel() == 0:
        return x
    if p == 1:
        return x * 0
    weight = x.detach().abs().flatten().float() + 1e-3
    count = int((torch.rand(x.numel()) < p).sum())
    mask = torch.ones(x.numel(), device=x.device)
    if count:
        mask[torch.multinomial(1 / weight, count)] = 0
    return x * mask.view(x.shape).to(x.dtype) / (1 - p)
