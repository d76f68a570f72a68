import torch


def softmax(x: torch.Tensor, dim: int = -1) -> torch.Tensor:
    others = [each for each in range(x.dim()) if each != dim]
    y = x.permute(*others, dim) if dim >= 0 else x
    z = y - y.amax(-1, keepdim=True)
    e = z.exp()
    y = e / e.sum(-1, keepdim=True)
    return y.movedim(-1, dim) if dim >= 0 else y


def log_softmax(x: torch.Tensor, dim: int = -1) -> torch.Tensor:
    z = x - x.amax(dim, keepdim=True)
    return z - z.exp().sum(dim, keepdim=True).log()
