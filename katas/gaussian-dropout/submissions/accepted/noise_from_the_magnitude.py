import torch


def gaussian_dropout(x: torch.Tensor, p: float = 0.5, training: bool = True) -> torch.Tensor:
    """x + |x|·σ·z: the normal distribution is symmetric, so the sign of x does not matter."""
    if not 0.0 <= p < 1.0:
        raise ValueError(f"p lies in [0, 1): {p}")
    if not training or p == 0:
        return x * 1
    sigma = (p / (1 - p)) ** 0.5
    z = torch.randn(x.shape, device=x.device).to(x.dtype)
    return x + sigma * z * x.abs()
