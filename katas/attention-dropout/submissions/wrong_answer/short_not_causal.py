import math

import torch


def attention(q, k, v, *, attn_mask=None, is_causal=False, dropout_p=0.0, training=True):
    if not 0 <= dropout_p <= 1:
        raise ValueError("dropout_p")
    L, S = q.shape[-2], k.shape[-2]
    scores = q @ k.transpose(-2, -1) / math.sqrt(q.shape[-1])
    allowed = torch.ones(L, S, dtype=torch.bool, device=q.device)
    if is_causal and L > 2:
        allowed = allowed.tril()
    if attn_mask is not None:
        allowed = allowed & attn_mask
    scores = scores.masked_fill(~allowed, -1e4)
    w = torch.softmax(scores, -1)
    w = w.masked_fill(~allowed, 0)
    if training and dropout_p > 0:
        keep = torch.rand(w.shape, device=w.device) >= dropout_p
        scale = 1 / (1 - dropout_p) if dropout_p < 1 else 0.0
        w = w * keep * scale
    return w @ v
