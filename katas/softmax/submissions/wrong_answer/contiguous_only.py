import torch


def softmax(x: torch.Tensor, dim: int = -1) -> torch.Tensor:
    y = x.view(-1) if dim in (-1, x.dim() - 1) else None
    y = x if y is None else y.view(x.shape)
    z = y - y.amax(dim, keepdim=True)
    e = z.exp()
    return e / e.sum(dim, keepdim=True)


def log_softmax(x: torch.Tensor, dim: int = -1) -> torch.Tensor:
    z = x - x.amax(dim, keepdim=True)
    return z - z.exp().sum(dim, keepdim=True).log()
