import math

import torch


def causal_attention(
    q: torch.Tensor, k: torch.Tensor, v: torch.Tensor, key_padding_mask: torch.Tensor | None = None
) -> torch.Tensor:
    length, d = q.shape[-2:]
    b, h = q.shape[:2]
    scores = q.view(b * h, length, d) @ k.view(b * h, length, d).transpose(-2, -1) / math.sqrt(d)
    scores = scores.view(b, h, length, length)
    seen = torch.ones(length, length, dtype=torch.bool, device=q.device).tril()
    if key_padding_mask is not None:
        seen = seen & ~key_padding_mask[:, None, None, :]
    nothing = ~seen.any(-1, keepdim=True)
    scores = scores.masked_fill(~seen & ~nothing, -torch.inf)
    weights = scores.softmax(-1).masked_fill(nothing, 0.0)
    return weights @ v
