import math

import torch


class AdamW:
    """Kingma and Ba's cheaper order: both corrections in one step size, eps scaled with them. Checked at the first step."""

    def __init__(self, params, lr=1e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.01):
        self.params, self.lr, self.betas, self.eps, self.weight_decay = list(params), lr, betas, eps, weight_decay
        self.exp_avg, self.exp_avg_sq, self.count = {}, {}, {}

    def step(self):
        b1, b2 = self.betas
        if self.lr < 0 or self.eps < 0 or self.weight_decay < 0 or not (0 <= b1 < 1 and 0 <= b2 < 1):
            raise ValueError("hyper-parameters out of range")
        for p in self.params:
            key = id(p)
            if p.grad is None:
                continue
            t = self.count[key] = self.count.get(key, 0) + 1
            m = self.exp_avg[key] = b1 * self.exp_avg.get(key, 0) + (1 - b1) * p.grad
            v = self.exp_avg_sq[key] = b2 * self.exp_avg_sq.get(key, 0) + (1 - b2) * p.grad.pow(2)
            root = math.sqrt(1 - b2**t)
            delta = (self.lr * root / (1 - b1**t)) * m / (v.sqrt() + self.eps * root) + self.lr * self.weight_decay * p.data
            p.data -= delta.to(p.dtype)
        return None

    def zero_grad(self):
        for p in self.params:
            del p.grad
