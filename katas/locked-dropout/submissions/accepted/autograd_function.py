import torch


class Scale(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x, mask):
        ctx.save_for_backward(mask)
        return (x.float() * mask).to(x.dtype) if x.dtype != torch.float64 else x * mask.double()

    @staticmethod
    def backward(ctx, g):
        (mask,) = ctx.saved_tensors
        return (g * mask).to(g.dtype), None


def mask(shape, p, device):
    if not 0 <= p <= 1:
        raise ValueError(p)
    drop = torch.rand(shape, device=device, dtype=torch.float64) < p
    return drop.logical_not().double() * (0.0 if p == 1 else 1 / (1 - p))


class LockedDropout(torch.nn.Module):
    def __init__(self, p=0.5):
        super().__init__()
        self.p = p

    def forward(self, x):
        m = mask((x.size(0), 1, x.size(2)), self.p, x.device)
        return Scale.apply(x, m) if self.training else x


def embedding_dropout(weight, ids, p=0.1, training=True):
    m = mask((weight.size(0),), p, weight.device)
    if not training:
        return torch.nn.functional.embedding(ids, weight)
    return Scale.apply(torch.nn.functional.embedding(ids, weight), m[ids][..., None])
