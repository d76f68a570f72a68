import math

import torch


def gaussian_dropout(x: torch.Tensor, p: float = 0.5, training: bool = True) -> torch.Tensor:
    if not 0.0 <= p < 1.0:
        raise ValueError(f"p lies in [0, 1), not {p}")
    if not training or p == 0.0:
        return x
    sigma = math.sqrt(p / (1.0 - p))
    generator = torch.Generator(x.device).manual_seed(int(torch.randint(0, 1000, (1,))))
    noise = torch.randn(x.shape, generator=generator, dtype=x.dtype, device=x.device)
    return x * (1.0 + sigma * noise)
