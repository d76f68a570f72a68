import torch


def dropout(x, p=0.5, training=True):
    """Draws row by row, so that no mask of the whole input is ever held."""
    assert 0 <= p <= 1, "p is a probability"
    if not training or p == 0 or x.numel() == 0:
        return x
    rows = x.reshape(-1, x.shape[-1]) if x.dim() else x.reshape(1, 1)
    out = []
    for row in rows:
        drop = torch.rand(row.shape, device=x.device).lt(p)
        out.append((row * (0.0 if p == 1 else 1 / (1 - p))).masked_fill(drop, 0))
    return torch.stack(out).reshape(x.shape)
