import torch
import torch.nn.functional as F


def alpha_dropout(x: torch.Tensor, p: float = 0.5, training: bool = True) -> torch.Tensor:
    if not 0.0 <= p < 1.0:
        raise ValueError(p)
    return F.alpha_dropout(x, p, training)
