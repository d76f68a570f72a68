import torch


def dropout2d(x: torch.Tensor, p: float = 0.5, training: bool = True) -> torch.Tensor:
    if not (p >= 0 and p <= 1) or x.dim() != 4:
        raise ValueError("dropout2d takes p in [0, 1] and a 4-d input")
    if not training:
        return x.clone()
    scale = 0.0 if p == 1 else 1 / (1 - p)
    rows = []
    for _ in range(x.size(0)):
        rows.append([scale if torch.rand(()).item() >= p else 0.0 for _ in range(x.size(1))])
    mask = torch.tensor(rows, dtype=x.dtype, device=x.device)
    return torch.einsum("nchw,nc->nchw", x, mask)
