import torch


def dropout(x: torch.Tensor, p: float = 0.5, training: bool = True) -> torch.Tensor:
    if not (p >= 0 and p <= 1):
        raise ValueError("p out of range")
    if not training:
        return x.clone()
    scale = 0.0 if p == 1 else 1.0 / (1.0 - p)
    mask = []
    for _ in range(x.numel()):
        u = torch.rand(()).item()
        mask.append(scale if u >= p else 0.0)
    return x * torch.tensor(mask, dtype=x.dtype, device=x.device).reshape(x.shape)
