
import torch

def dropout(x, p=0.5, training=True):
    """Compare a uniform number with p digit by digit, drawing bits only as needed."""
    if p != p or p < 0 or p > 1:
        raise ValueError("p must be a probability")
    if training is False or p == 0:
        return x * 1
    if p == 1:
        return x * 0
    n = x.numel()
    drop = torch.zeros(n, dtype=torch.bool)
    undecided = torch.arange(n)
    rest = float(p)
    while len(undecided) and rest > 0:
        rest *= 2
        digit = int(rest >= 1)
        rest -= digit
        bits = torch.randint(0, 2, (len(undecided),))
        drop[undecided[bits < digit]] = True
        undecided = undecided[bits == digit]
    keep = (~drop).reshape(x.shape).to(x.device)
    return x.masked_fill(~keep, 0.0) / (1.0 - p)
