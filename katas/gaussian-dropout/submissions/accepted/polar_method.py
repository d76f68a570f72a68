import torch


def gaussian_dropout(x: torch.Tensor, p: float = 0.5, training: bool = True) -> torch.Tensor:
    if not 0 <= p < 1:
        raise ValueError("p must be in [0, 1)")
    if not training or p == 0:
        return x
    std = (p / (1 - p)) ** 0.5
    n = x.numel()
    got = torch.empty(0)
    while got.numel() < n:
        v = torch.rand(2, n + 16) * 2 - 1
        s = v.pow(2).sum(0)
        v, s = v[:, (s > 0) & (s < 1)], s[(s > 0) & (s < 1)]
        got = torch.cat([got, (v * (-2 * s.log() / s).sqrt()).flatten()])
    noise = 1 + std * got[:n].reshape(x.shape).to(x.device)
    return x * noise.to(x.dtype)
