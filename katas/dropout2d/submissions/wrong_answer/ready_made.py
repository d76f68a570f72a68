import torch
import torch.nn.functional as F


def dropout2d(x: torch.Tensor, p: float = 0.5, training: bool = True) -> torch.Tensor:
    if x.dim() != 4:
        raise ValueError("x must be (N, C, H, W)")
    return F.dropout2d(x, p, training)
