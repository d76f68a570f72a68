import math

import torch


def causal_attention(q, k, v, key_padding_mask=None):
    L, D = q.shape[-2:]
    fill = -math.inf if q.dtype == torch.float32 or q.dtype == torch.float64 else -1e4
    seen = torch.ones(L, L, dtype=torch.bool, device=q.device).tril()
    if key_padding_mask is not None:
        seen = seen & ~key_padding_mask[:, None, None, :]
    nothing = ~seen.any(-1, keepdim=True)
    scores = (q / math.sqrt(D)) @ k.transpose(-2, -1)
    scores = scores.masked_fill(~seen & ~nothing, fill)
    return scores.softmax(-1).masked_fill(nothing, 0.0) @ v
