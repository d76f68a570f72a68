import math

import torch


def causal_attention(
    q: torch.Tensor, k: torch.Tensor, v: torch.Tensor, key_padding_mask: torch.Tensor | None = None
) -> torch.Tensor:
    length, d = q.shape[-2:]
    scores = q @ k.transpose(-2, -1) / math.sqrt(d)
    seen = torch.ones(length, length, dtype=torch.bool, device=q.device).tril()
    if key_padding_mask is not None:
        seen = seen & ~key_padding_mask[:, None, None, :]
    bias = torch.zeros(seen.shape, dtype=q.dtype, device=q.device).masked_fill(~seen, -torch.inf)
    weights = (scores + bias).softmax(-1).nan_to_num(0.0)
    return weights @ v
