import dataclasses
import math
from typing import Any

import torch


@dataclasses.dataclass(slots=True)
class Slot:
    p: torch.Tensor
    m: Any = 0.0
    v: Any = 0.0
    b1t: float = 1.0
    b2t: float = 1.0


class AdamW:
    __slots__ = ("slots", "lr", "b1", "b2", "eps", "wd")

    def __init__(self, params, lr=1e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.01):
        for name, value in (("lr", lr), ("eps", eps), ("weight_decay", weight_decay)):
            if not value >= 0:
                raise ValueError(name)
        if any(b < 0 or b >= 1 for b in betas):
            raise ValueError(betas)
        self.slots = [Slot(p) for p in params]
        self.lr, (self.b1, self.b2), self.eps, self.wd = lr, betas, eps, weight_decay

    def step(self):
        with torch.no_grad():
            for s in self.slots:
                if s.p.grad is not None:
                    g = s.p.grad.double()
                    s.m = self.b1 * s.m + (1 - self.b1) * g
                    s.v = self.b2 * s.v + (1 - self.b2) * g**2
                    s.b1t *= self.b1
                    s.b2t *= self.b2
                    u = (s.m / (1 - s.b1t)) / (torch.sqrt(s.v / (1 - s.b2t)) + self.eps)
                    s.p -= (self.lr * (u + self.wd * s.p.double())).to(s.p.dtype)

    def zero_grad(self):
        for s in self.slots:
            if s.p.grad is not None:
                s.p.grad = torch.zeros_like(s.p.grad)
