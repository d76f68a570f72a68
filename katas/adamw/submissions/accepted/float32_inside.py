import torch


class AdamW:
    def __init__(self, params, lr=1e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.01):
        if lr < 0:
            raise ValueError(f"Invalid learning rate: {lr}")
        if eps < 0:
            raise ValueError(f"Invalid epsilon value: {eps}")
        if weight_decay < 0:
            raise ValueError(f"Invalid weight_decay: {weight_decay}")
        for beta in betas:
            if not 0 <= beta < 1:
                raise ValueError(f"Invalid beta: {beta}")
        self.params = list(params)
        self.lr, self.betas, self.eps, self.wd = lr, torch.tensor(betas), eps, weight_decay
        self.state = {}

    def step(self):
        b1, b2 = self.betas
        for p in self.params:
            if p.grad is None:
                continue
            g = p.grad.detach().float()
            w = p.data.float()
            s = self.state.setdefault(p, {"m": torch.zeros_like(w), "v": torch.zeros_like(w), "t": torch.tensor(0.0)})
            s["t"] += 1
            s["m"] = b1 * s["m"] + (1 - b1) * g
            s["v"] = b2 * s["v"] + (1 - b2) * g.square()
            m_hat = s["m"] / (1 - b1 ** s["t"])
            v_hat = s["v"] / (1 - b2 ** s["t"])
            w = w - self.lr * (m_hat / (v_hat.sqrt() + self.eps) + self.wd * w)
            p.data = w.to(p.dtype)

    def zero_grad(self):
        for p in self.params:
            p.grad = None
