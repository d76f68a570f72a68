
import torch

def dropout(x, p=0.5, training=True):
    if not 0 <= p <= 1:
        raise ValueError("p")
    if not training:
        return x.view_as(x)
    n = x.numel()
    count = int(torch.binomial(torch.tensor(float(n), dtype=torch.float64), torch.tensor(float(p), dtype=torch.float64))) if n else 0
    where = torch.randperm(n)[:count].to(x.device)
    flat = x.reshape(-1) * (1 / (1 - p) if p < 1 else 1.0)
    return flat.index_fill(0, where, 0.0).reshape(x.shape)
