import torch


def log_softmax(x, dim=-1):
    wide = x.to(torch.float64)
    biggest, _ = wide.max(dim, keepdim=True)
    total = (wide - biggest).exp().sum(dim, keepdim=True)
    return (wide - biggest - total.log()).to(x.dtype)


def softmax(x, dim=-1):
    return torch.exp(log_softmax(x.double(), dim)).to(x.dtype)
