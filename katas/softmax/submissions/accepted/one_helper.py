import torch
from torch import Tensor


def softmax(x: Tensor, dim: int = -1, log: bool = False) -> Tensor:
    x = x.transpose(dim, -1)
    assert x.ndim > 0, "a softmax needs an axis"
    z = x - x.sort(dim=-1, descending=True).values[..., :1]
    total = torch.exp(z).sum(-1)[..., None]
    y = z - torch.log(total) if log else torch.exp(z) / total
    return y.transpose(-1, dim)


def log_softmax(x: Tensor, dim: int = -1) -> Tensor:
    return softmax(x, dim, log=True)
