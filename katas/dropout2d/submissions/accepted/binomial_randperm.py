
import torch
def dropout2d(x, p=0.5, training=True):
    n, c, h, w = x.shape if x.dim() == 4 else (_ for _ in ()).throw(ValueError("rank"))
    if not 0 <= p <= 1:
        raise ValueError("p")
    if not training:
        return x
    k = int(torch.binomial(torch.tensor(n * c, dtype=torch.float64), torch.tensor(float(p), dtype=torch.float64)))
    gone = torch.randperm(n * c)[:k].to(x.device)
    maps = x.reshape(n * c, h, w).index_fill(0, gone, 0.0)
    return maps.reshape(n, c, h, w) / (1 - p if p < 1 else 1)
