import torch


def dropout2d(x: torch.Tensor, p: float = 0.5, training: bool = True) -> torch.Tensor:
    assert 0 <= p <= 1, "p must be in [0, 1]"
    assert x.ndim == 4, "x must be (N, C, H, W)"
    y = x.clone()
    if training:
        for n in range(x.shape[0]):
            for c in range(x.shape[1]):
                if torch.rand(1).item() < p:
                    y[n, c] = 0
                else:
                    y[n, c] /= 1 - p
    return y
