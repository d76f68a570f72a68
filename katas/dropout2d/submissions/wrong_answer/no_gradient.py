import torch


def dropout2d(x: torch.Tensor, p: float = 0.5, training: bool = True) -> torch.Tensor:
    if not 0.0 <= p <= 1.0:
        raise ValueError(f"p is the probability of dropping, in [0, 1]: {p}")
    if x.dim() != 4:
        raise ValueError(f"x must be (N, C, H, W), not {tuple(x.shape)}")
    if not training or p == 0:
        return x
    if p == 1:
        return x * 0
    mask = (torch.rand(*x.shape[:2], 1, 1, device=x.device) >= p).to(x.dtype)
    return x.detach() * mask / (1 - p)
