import torch


class AdamW:
    def __init__(self, params, lr=1e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.01):
        if lr < 0.0 or eps < 0.0 or weight_decay < 0.0 or not 0.0 <= betas[0] < 1.0 or not 0.0 <= betas[1] < 1.0:
            raise ValueError("bad hyper-parameter")
        self.__dict__.update(lr=lr, betas=betas, eps=eps, weight_decay=weight_decay)
        self.history = [(p, []) for p in params]

    def average(self, terms, beta):
        weights = [beta**age for age in reversed(range(len(terms)))]
        return sum(w * each for w, each in zip(weights, terms)) / sum(weights)

    def step(self):
        for p, seen in self.history:
            if p.grad is None:
                continue
            seen.append(p.grad)
            m = self.average(seen, self.betas[0])
            v = self.average([g**2 for g in seen], self.betas[1])
            p.data.add_(m / (v.sqrt() + self.eps) + self.weight_decay * p.data, alpha=-self.lr)

    def zero_grad(self):
        for p, _ in self.history:
            if p.grad is not None:
                p.grad = torch.zeros_like(p.grad)
