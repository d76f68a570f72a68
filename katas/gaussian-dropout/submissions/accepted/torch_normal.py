import torch


def gaussian_dropout(x: torch.Tensor, p: float = 0.5, training: bool = True) -> torch.Tensor:
    assert 0 <= p < 1, "p must be in [0, 1)"
    if training:
        noise = torch.normal(mean=1.0, std=(p / (1 - p)) ** 0.5, size=x.shape, device=x.device)
        x = x * noise.to(x.dtype)
    return x
