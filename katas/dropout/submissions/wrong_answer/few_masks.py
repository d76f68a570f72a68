import torch


def dropout(x: torch.Tensor, p: float = 0.5, training: bool = True) -> torch.Tensor:
    if not 0.0 <= p <= 1.0:
        raise ValueError(f"p is the probability of dropping, in [0, 1]: {p}")
    if not training or p == 0:
        return x
    generator = torch.Generator(x.device).manual_seed(int(torch.randint(0, 1000, (1,))))
    if p == 1:
        return x * 0
    mask = torch.rand(x.shape, generator=generator, device=x.device) >= p
    return x * mask.to(x.dtype) / (1 - p)
