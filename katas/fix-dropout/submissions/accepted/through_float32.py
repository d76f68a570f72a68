import torch


def dropout(x: torch.Tensor, p: float = 0.5, training: bool = True) -> torch.Tensor:
    assert p >= 0.0 and p <= 1.0, "p must be in [0, 1]"
    if training:
        keep = (torch.rand(x.shape, device=x.device) >= p).float()
        keep = keep / (1.0 - p) if p < 1 else keep * 0
        return (keep * x).to(x.dtype)
    return x.clone()
