import torch


def _shifted(x, dim):
    assert -x.dim() <= dim < x.dim()
    x = x.float()
    return x - x.max(dim=dim, keepdim=True).values.detach()


def softmax(x, dim=-1):
    e = torch.exp(_shifted(x, dim))
    return (e / torch.sum(e, dim=dim, keepdim=True)).to(x.dtype)


def log_softmax(x, dim=-1):
    z = _shifted(x, dim)
    return (z - torch.log(torch.sum(torch.exp(z), dim=dim, keepdim=True))).type_as(x)
