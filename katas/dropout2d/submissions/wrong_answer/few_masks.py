import torch


def dropout2d(x: torch.Tensor, p: float = 0.5, training: bool = True) -> torch.Tensor:
    if not 0.0 <= p <= 1.0:
        raise ValueError(f"p is the probability of dropping and lies in [0, 1], not {p}")
    if x.dim() != 4:
        raise ValueError(f"x must be (N, C, H, W), not {tuple(x.shape)}")
    if not training or p == 0.0:
        return x
    if p == 1.0:
        return x * 0.0
    n, c, _, _ = x.shape
    generator = torch.Generator(x.device).manual_seed(int(torch.randint(0, 1000, (1,))))
    keep = torch.rand(n, c, 1, 1, generator=generator, device=x.device) >= p
    return x * keep.to(x.dtype) / (1.0 - p)
