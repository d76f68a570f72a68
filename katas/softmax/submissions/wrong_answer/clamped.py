import torch


def softmax(x: torch.Tensor, dim: int = -1) -> torch.Tensor:
    e = x.clamp(-80, 80).exp()
    return e / e.sum(dim, keepdim=True)


def log_softmax(x: torch.Tensor, dim: int = -1) -> torch.Tensor:
    x = x.clamp(-80, 80)
    return x - x.exp().sum(dim, keepdim=True).log()
