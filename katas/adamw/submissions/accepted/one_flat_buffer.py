import torch


class AdamW:
    """One flat float64 buffer for all the parameters; those without gradient are masked."""

    def __init__(self, params, lr=1e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.01):
        check = lambda ok, text: None if ok else (_ for _ in ()).throw(ValueError(text))
        check(lr >= 0, "lr"), check(eps >= 0, "eps"), check(weight_decay >= 0, "wd")
        check(all(0 <= b < 1 for b in betas), "betas")
        self.params = {p: None for p in params}
        sizes = [p.numel() for p in self.params]
        device = next(iter(self.params)).device
        self.m = torch.zeros(sum(sizes), dtype=torch.float64, device=device)
        self.v = torch.zeros(sum(sizes), dtype=torch.float64, device=device)
        self.t = torch.zeros(sum(sizes), dtype=torch.float64, device=device)
        self.sizes, self.c = sizes, (lr, *betas, eps, weight_decay)

    def step(self):
        lr, b1, b2, eps, wd = self.c
        with torch.no_grad():
            g = torch.cat([torch.full((p.numel(),), float("nan"), dtype=torch.float64, device=p.device) if p.grad is None else p.grad.double().reshape(-1) for p in self.params])
            w = torch.cat([p.double().reshape(-1) for p in self.params])
            live = ~torch.isnan(g)
            self.t += live
            self.m = torch.where(live, b1 * self.m + (1 - b1) * g, self.m)
            self.v = torch.where(live, b2 * self.v + (1 - b2) * g * g, self.v)
            new = w - lr * (self.m / (1 - b1**self.t) / ((self.v / (1 - b2**self.t)).sqrt() + eps) + wd * w)
            new = torch.where(live, new, w)
            for p, part in zip(self.params, new.split(self.sizes)):
                p.copy_(part.view(p.shape))

    def zero_grad(self):
        for p in self.params:
            p.grad = None
