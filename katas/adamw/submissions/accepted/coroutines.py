import torch


def follow(p, lr, beta1, beta2, eps, decay):
    """One coroutine a parameter: its locals are the state."""
    m = v = 0.0
    power1 = power2 = 1.0
    while True:
        g = yield
        m = m * beta1 + g * (1 - beta1)
        v = v * beta2 + g * g * (1 - beta2)
        power1, power2 = power1 * beta1, power2 * beta2
        with torch.no_grad():
            old = p.clone()
            p += -lr * (m / (1 - power1) / ((v / (1 - power2)) ** 0.5 + eps))
            p += -lr * decay * old


class AdamW:
    def __init__(self, params, lr=1e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.01):
        if any(each < 0 for each in (lr, eps, weight_decay, *betas)) or any(each >= 1 for each in betas):
            raise ValueError("hyper-parameter out of range")
        self.all = [(p, follow(p, lr, *betas, eps, weight_decay)) for p in params]
        for _, each in self.all:
            next(each)

    def step(self):
        for p, each in self.all:
            if p.grad is not None:
                each.send(p.grad)

    def zero_grad(self):
        for p, _ in self.all:
            p.grad = None if p.grad is None else torch.zeros_like(p.grad)
