import torch


class AdamW:
    def __init__(self, params, lr=1e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.0):
        if lr < 0 or eps < 0 or weight_decay < 0:
            raise ValueError(f"lr, eps and weight_decay are not negative: {lr}, {eps}, {weight_decay}")
        if not all(0 <= beta < 1 for beta in betas):
            raise ValueError(f"betas lie in [0, 1): {betas}")
        self.params = list(params)
        self.lr, self.betas, self.eps, self.weight_decay = lr, betas, eps, weight_decay
        self.state = [None] * len(self.params)

    @torch.no_grad()
    def step(self):
        beta1, beta2 = self.betas
        for index, p in enumerate(self.params):
            if p.grad is None:
                continue
            if self.state[index] is None:
                self.state[index] = (torch.zeros_like(p), torch.zeros_like(p), 0)
            m, v, t = self.state[index]
            t += 1
            m.mul_(beta1).add_(p.grad, alpha=1 - beta1)
            v.mul_(beta2).addcmul_(p.grad, p.grad, value=1 - beta2)
            self.state[index] = (m, v, t)
            p.mul_(1 - self.lr * self.weight_decay)
            p.sub_(self.lr * (m / (1 - beta1**t)) / ((v / (1 - beta2**t)).sqrt() + self.eps))

    def zero_grad(self):
        for p in self.params:
            p.grad = None
