import torch


def drop_path(x, p=0.0, training=True):
    if not 0 <= p <= 1:
        raise ValueError(p)
    if not training or p == 0:
        return x
    if p == 1:
        return x * 0
    B = x.shape[0]
    ext = (1,) * (x.dim() - 1)
    coin = torch.bernoulli(torch.full((B,), 1 - p, dtype=torch.float64)).to(x.device) / (1 - p)
    return (torch.diag(coin) @ x.reshape(B, -1).double()).reshape(x.shape).to(x.dtype)

def linear_rates(depth, p_max):
    return [p_max * i / (depth - 1) if depth > 1 else 0.0 for i in range(depth)]
