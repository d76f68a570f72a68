import torch


def softmax(x: torch.Tensor, dim: int = -1) -> torch.Tensor:
    dtype, x = x.dtype, x.float()
    z = x - x.amax(dim, keepdim=True)
    e = z.exp()
    y = e / e.sum(dim, keepdim=True)
    return y if dtype is torch.float64 else y.to(dtype)


def log_softmax(x: torch.Tensor, dim: int = -1) -> torch.Tensor:
    z = x - x.amax(dim, keepdim=True)
    return z - z.exp().sum(dim, keepdim=True).log()
