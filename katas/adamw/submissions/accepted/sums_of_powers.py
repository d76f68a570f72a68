import torch


class AdamW:
    def __init__(self, params, lr=1e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.01):
        if lr < 0 or eps < 0 or weight_decay < 0 or not all(0 <= b < 1 for b in betas):
            raise ValueError("bad hyperparameter")
        self.params = list(params)
        self.lr, self.betas, self.eps, self.wd = lr, betas, eps, weight_decay
        self.m = [torch.zeros_like(p, dtype=torch.promote_types(p.dtype, torch.float32)) for p in self.params]
        self.v = [torch.zeros_like(m) for m in self.m]
        self.t = [0] * len(self.params)

    def step(self):
        with torch.inference_mode(False), torch.no_grad():
            self._step(*self.betas)

    def _step(self, b1, b2):
        """Unnormalised sums: M = m / (1 - b1), so that the correction is a ratio of geometric sums."""
        for i, p in enumerate(self.params):
            if p.grad is None:
                continue
            self.t[i] += 1
            n1 = sum(b1**j for j in range(self.t[i]))
            n2 = sum(b2**j for j in range(self.t[i]))
            g = p.grad.to(self.m[i].dtype)
            self.m[i] = self.m[i] * b1 + g
            self.v[i] = self.v[i] * b2 + g * g
            move = (self.m[i] / n1).div((self.v[i] / n2).sqrt().add(self.eps))
            p.data.add_(move.add(p.data.to(move.dtype), alpha=self.wd).mul(-self.lr).to(p.dtype))

    def zero_grad(self):
        for p in self.params:
            p.grad = None
