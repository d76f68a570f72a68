
import torch
class Drop(torch.nn.Module):
    def __init__(self, p):
        super().__init__()
        if not (0 <= p and p <= 1):
            raise ValueError("p")
        self.odds = torch.tensor([p, 1 - p], dtype=torch.float64)
        self.scale = 1 / (1 - p) if p != 1 else 1
    def forward(self, x):
        if x.ndim != 4:
            raise ValueError("want N, C, H, W")
        if not self.training:
            return x
        n, c = x.shape[:2]
        coins = torch.multinomial(self.odds.expand(n, 2), c, replacement=True).to(x.device)
        return torch.einsum("nchw,nc->nchw", x, coins.to(x.dtype) * self.scale)
def dropout2d(x, p=0.5, training=True):
    return Drop(p).train(training)(x)
