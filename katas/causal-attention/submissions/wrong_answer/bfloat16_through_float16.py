import math
import torch


def causal_attention(q, k, v, key_padding_mask=None):
    B, H, L, D = q.shape
    scale = 1 / math.sqrt(D)
    dt = q.dtype
    q, k, v = (t.half() if dt == torch.bfloat16 else t for t in (q, k, v))
    s = (q * scale) @ k.transpose(-2, -1)
    hide = torch.ones(L, L, dtype=torch.bool, device=q.device).triu(1)
    if key_padding_mask is not None:
        hide = hide | key_padding_mask[:, None, None, :]
    s = s.masked_fill(hide, -math.inf)
    dead = hide.all(-1, keepdim=True)
    s = s.masked_fill(dead, 0.0)
    w = torch.softmax(s, -1).masked_fill(hide, 0.0)
    return (w @ v).to(dt)
