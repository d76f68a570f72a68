import torch


def locked(x, keep, p):
    return torch.where(keep, x / (1 - p) if p < 1 else x * 0, torch.zeros_like(x))


class LockedDropout(torch.nn.Module):
    def __init__(self, p=0.5):
        super().__init__()
        if p != p or p < 0 or p > 1:
            raise ValueError("p must be in [0, 1]")
        self.p = p

    def forward(self, x):
        if self.training:
            x = locked(x, torch.rand_like(x[:, :1].float()) >= self.p if x.shape[1] else x > 0, self.p)
        return x


def embedding_dropout(weight, ids, p=0.1, training=True):
    if p != p or p < 0 or p > 1:
        raise ValueError("p must be in [0, 1]")
    table = locked(weight, torch.rand(len(weight), 1, device=weight.device) > p, p) if training and p > 0 else weight
    return table.index_select(0, ids.reshape(-1)).reshape(*ids.shape, -1 if ids.numel() else weight.shape[1])
