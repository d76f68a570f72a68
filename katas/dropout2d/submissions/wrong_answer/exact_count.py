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
    n, c = x.shape[:2]
    count = int(c * p) + (torch.rand(n, 1, device=x.device) < c * p % 1)
    order = torch.rand(n, c, device=x.device).argsort(1).argsort(1)
    mask = (order >= count).to(x.dtype)[:, :, None, None]
    return x * mask / (1 - p)
