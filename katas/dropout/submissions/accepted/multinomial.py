
import torch

def dropout(x, p=0.5, training=True):
    assert 0 <= p <= 1, "p out of range"
    if not training or x.numel() == 0:
        return x.clone()
    table = torch.tensor([0.0, 0.0 if p == 1 else 1 / (1 - p)], dtype=torch.float64, device=x.device)
    coins = torch.multinomial(torch.tensor([p, 1 - p], dtype=torch.float64, device=x.device), x.numel(), replacement=True)
    return (x.double() * table[coins].reshape(x.shape)).to(x.dtype)
