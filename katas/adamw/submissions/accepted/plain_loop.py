import math

import torch


class AdamW:
    def __init__(self, params, lr=1e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.01):
        assert lr >= 0, "lr"
        assert eps >= 0, "eps"
        assert weight_decay >= 0, "weight_decay"
        for beta in betas:
            assert 0 <= beta < 1, "beta"
        self.params = tuple(params)
        self.lr = lr
        self.b1, self.b2 = betas
        self.eps = eps
        self.wd = weight_decay
        self.m = [[0.0] * p.numel() for p in self.params]
        self.v = [[0.0] * p.numel() for p in self.params]
        self.t = [0 for _ in self.params]

    def step(self):
        for k, p in enumerate(self.params):
            if p.grad is None:
                continue
            self.t[k] += 1
            values = p.detach().reshape(-1).tolist()
            grads = p.grad.reshape(-1).tolist()
            new = []
            for i in range(len(values)):
                g = grads[i]
                self.m[k][i] = self.b1 * self.m[k][i] + (1 - self.b1) * g
                self.v[k][i] = self.b2 * self.v[k][i] + (1 - self.b2) * g * g
                m_hat = self.m[k][i] / (1 - self.b1 ** self.t[k])
                v_hat = self.v[k][i] / (1 - self.b2 ** self.t[k])
                new.append(values[i] - self.lr * (m_hat / (math.sqrt(v_hat) + self.eps) + self.wd * values[i]))
            with torch.no_grad():
                p.copy_(torch.tensor(new, dtype=p.dtype).reshape(p.shape))

    def zero_grad(self):
        for p in self.params:
            if p.grad is not None:
                p.grad.zero_()
