import torch


def keep_mask(shape, p, like):
    mask = torch.rand(shape, device=like.device).ge(p)
    return mask.to(like.dtype).div(1 - p) if p < 1 else torch.zeros(shape, dtype=like.dtype, device=like.device)


class LockedDropout(torch.nn.Module):
    def __init__(self, p=0.5):
        super().__init__()
        if not (p >= 0 and p <= 1):
            raise ValueError("bad p")
        self.register_buffer("rate", torch.tensor(float(p)))
        self.p = p

    def forward(self, x):
        if self.training:
            B, T, C = x.shape
            return torch.einsum("btc,bc->btc", x, keep_mask((B, C), self.p, x))
        return x.clone()


def embedding_dropout(weight, ids, p=0.1, training=True):
    """Coins only for the words that occur."""
    if not (p >= 0 and p <= 1):
        raise ValueError("bad p")
    out = weight[ids]
    if not training:
        return out
    words, place = torch.unique(ids, return_inverse=True)
    return out * keep_mask((len(words),), p, weight)[place].unsqueeze(-1)
