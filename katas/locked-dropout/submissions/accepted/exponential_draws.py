import torch
from torch import nn
class LockedDropout(nn.Module):
    def __init__(self, p: float = 0.5, batch_first: bool = True) -> None:
        super().__init__()
        if not (0 <= p <= 1):
            raise AssertionError("p")
        self.keep = 1.0 - p
    def forward(self, x):
        if self.training is False:
            return x
        coins = torch.multinomial(torch.tensor([1 - self.keep, self.keep]), x.size(0) * x.size(2) or 1, replacement=True)[: x.size(0) * x.size(2)]
        coins = coins.to(x.device).view(x.size(0), x.size(2)).unsqueeze(1)
        return x.masked_fill(coins == 0, 0) / max(self.keep, 1e-6)
def embedding_dropout(weight, ids, p=0.1, training=True):
    if not (0 <= p <= 1):
        raise AssertionError("p")
    rows = torch.nn.functional.embedding(ids, weight)
    if training:
        drop = torch.empty(weight.shape[0], device=weight.device).exponential_() < -torch.log1p(torch.tensor(-min(p, 1 - 1e-7))).item() if 0 < p < 1 else torch.full((weight.shape[0],), p == 1, device=weight.device)
        rows = rows.masked_fill(drop[ids].unsqueeze(-1), 0) / (1 - p if p < 1 else 1)
    return rows
