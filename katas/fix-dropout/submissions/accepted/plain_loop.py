import torch


def dropout(x, p=0.5, training=True):
    if not (0 <= p <= 1):
        raise ValueError(p)
    if training:
        scale = [0.0 if torch.rand(1).item() < p else 1.0 / (1.0 - p) for _ in range(x.numel())]
    else:
        scale = [1.0] * x.numel()
    return x * torch.tensor(scale, dtype=x.dtype, device=x.device).reshape(x.shape)
