import torch


def check(p: float) -> None:
    if not 0.0 <= p <= 1.0:
        raise ValueError(f"p is the probability of dropping and lies in [0, 1], not {p}")


class LockedDropout(torch.nn.Module):
    def __init__(self, p: float = 0.5):
        super().__init__()
        check(p)
        self.p = p

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        if not self.training or self.p == 0.0:
            return x
        if self.p == 1.0:
            return x * 0.0
        keep = torch.rand(x.shape[0], 1, x.shape[2], device=x.device) >= self.p
        return x * keep.to(x.dtype) / (1.0 - self.p)


def embedding_dropout(weight: torch.Tensor, ids: torch.Tensor, p: float = 0.1, training: bool = True) -> torch.Tensor:
    check(p)
    rows = weight[ids]
    if not training or p == 0.0:
        return rows
    if p == 1.0:
        return rows * 0.0
    keep = torch.rand(*ids.shape, 1, device=weight.device) >= p
    return rows * keep.to(weight.dtype) / (1.0 - p)
