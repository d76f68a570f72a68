import torch


def log_softmax(x, dim=-1):
    return x - torch.logsumexp(x, dim, keepdim=True)


def softmax(x, dim=-1):
    return log_softmax(x, dim).exp()
