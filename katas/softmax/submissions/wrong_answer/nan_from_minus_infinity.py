import torch


def softmax(x: torch.Tensor, dim: int = -1) -> torch.Tensor:
    top = torch.full_like(x.select(dim, 0), -torch.inf)
    total = torch.zeros_like(top)
    for each in x.unbind(dim):
        new = torch.maximum(top, each)
        total = total * (top - new).exp() + (each - new).exp()
        top = new
    return (x - top.unsqueeze(dim)).exp() / total.unsqueeze(dim)


def log_softmax(x: torch.Tensor, dim: int = -1) -> torch.Tensor:
    z = x - x.amax(dim, keepdim=True)
    return z - z.exp().sum(dim, keepdim=True).log()
