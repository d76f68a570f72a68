import torch
class LockedDropout(torch.nn.Module):
    def __init__(self, p=0.5):
        super().__init__()
        self.p = p
    def forward(self, x):
        return embedding_like(x, self.p, self.training)
def embedding_like(x, p, training):
    if not 0 <= p <= 1:
        raise ValueError
    if not training:
        return x
    u = torch.rand(x.shape[0], x.shape[-1], device=x.device)
    m = torch.zeros_like(u) if p == 1 else (u + (1 - p)).floor() / (1 - p)
    return (x.transpose(0, 1) * m.to(x.dtype)).transpose(0, 1)
def embedding_dropout(weight, ids, p=0.1, training=True):
    t = embedding_like(torch.ones(weight.shape[0], 1, 1, dtype=weight.dtype, device=weight.device), p, training)[:, 0]
    return torch.gather(weight * t, 0, ids.reshape(-1, 1).expand(-1, weight.shape[1])).view(*ids.shape, weight.shape[1])
