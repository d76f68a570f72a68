import torch


class AdamW:
    def __init__(self, params, lr=1e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.01):
        if lr < 0 or eps < 0 or weight_decay < 0 or not all(0 <= b < 1 for b in betas):
            raise ValueError("bad hyperparameter")
        self.params = [p for p in params if isinstance(p, torch.nn.Parameter)]
        self.lr, self.betas, self.eps, self.wd = lr, betas, eps, weight_decay
        self.m = [torch.zeros_like(p, dtype=torch.promote_types(p.dtype, torch.float32)) for p in self.params]
        self.v = [torch.zeros_like(m) for m in self.m]
        self.t = [0] * len(self.params)

    @torch.no_grad()
    def step(self):
        b1, b2 = self.betas
        for i, p in enumerate(self.params):
            if p.grad is None:
                continue
            self.t[i] += 1
            t = self.t[i]
            m, v = self.m[i], self.v[i]
            g = p.grad.to(m.dtype)
            m.mul_(b1).add_(g, alpha=1 - b1)
            v.mul_(b2).addcmul_(g, g, value=1 - b2)
            mh = m / (1 - b1**t)
            vh = v / (1 - b2**t)
            new = p.to(m.dtype)
            new = new - self.lr * (mh / (vh.sqrt() + self.eps) + self.wd * new)
            p.copy_(new)

    def zero_grad(self):
        for p in self.params:
            p.grad = None
