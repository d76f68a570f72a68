import math
import torch


def causal_attention(q, k, v, key_padding_mask=None):
    B, H, L, D = q.shape
    scale = 1 / math.sqrt(D)
    s = (q * scale) @ k.transpose(-2, -1)
    hide = torch.ones(L, L, dtype=torch.bool, device=q.device).triu(1)
    if key_padding_mask is not None:
        hide = hide | key_padding_mask[:, None, None, :]
    s = s.masked_fill(hide, -math.inf)
    dead = hide.all(-1, keepdim=True)
    s = s.masked_fill(dead, 0.0)
    e = (s - s.amax(-1, keepdim=True)).exp().masked_fill(hide, 0)
    w = e / (e.sum(-1, keepdim=True) + 1e-4)
    return w @ v
