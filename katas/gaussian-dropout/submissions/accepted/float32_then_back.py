import torch


def gaussian_dropout(x: torch.Tensor, p: float = 0.5, training: bool = True) -> torch.Tensor:
    if not 0.0 <= p < 1.0:
        raise ValueError(f"p lies in [0, 1): {p}")
    if not training or p == 0:
        return x
    wide = x.float() if x.dtype in (torch.float16, torch.bfloat16) else x
    variance = torch.tensor(p / (1 - p), dtype=wide.dtype, device=x.device)
    factor = 1 + variance.sqrt() * torch.randn_like(wide)
    return (wide * factor).to(x.dtype)
