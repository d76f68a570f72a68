import torch


class AdamW:
    def __init__(self, params, lr=1e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.01):
        for name, value in {"lr": lr, "eps": eps, "weight_decay": weight_decay}.items():
            if value < 0:
                raise ValueError(f"{name} must not be negative")
        if min(betas) < 0 or max(betas) >= 1:
            raise ValueError("betas must be in [0, 1)")
        self.params = [*params]
        self.m = [torch.zeros_like(p) for p in self.params]
        self.v = [torch.zeros_like(p) for p in self.params]
        self.steps = torch.zeros(len(self.params), dtype=torch.int64)
        self.hyper = lr, betas, eps, weight_decay

    @torch.no_grad()
    def step(self):
        lr, (b1, b2), eps, wd = self.hyper
        live = [k for k, p in enumerate(self.params) if p.grad is not None]
        if not live:
            return
        p = [self.params[k] for k in live]
        g = [self.params[k].grad for k in live]
        m = [self.m[k] for k in live]
        v = [self.v[k] for k in live]
        self.steps[live] += 1
        counts = self.steps[live].tolist()
        torch._foreach_mul_(p, 1 - lr * wd)
        torch._foreach_mul_(m, b1)
        torch._foreach_add_(m, g, alpha=1 - b1)
        torch._foreach_mul_(v, b2)
        torch._foreach_addcmul_(v, g, g, 1 - b2)
        down = torch._foreach_sqrt(v)
        torch._foreach_div_(down, [(1 - b2**t) ** 0.5 for t in counts])
        torch._foreach_add_(down, eps)
        torch._foreach_addcdiv_(p, m, down, [-lr / (1 - b1**t) for t in counts])

    def zero_grad(self, set_to_none=True):
        for p in self.params:
            if set_to_none:
                p.grad = None
            elif p.grad is not None:
                torch._foreach_zero_([p.grad])
