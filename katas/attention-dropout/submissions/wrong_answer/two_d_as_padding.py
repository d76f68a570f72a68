import math
import torch


def _ck(p):
    if not 0 <= p <= 1:
        raise ValueError(p)

def attention(q, k, v, *, attn_mask=None, is_causal=False, dropout_p=0.0, training=True):
    _ck(dropout_p)
    B, H, L, D = q.shape
    S = k.shape[2]
    p = dropout_p
    scores = (q @ k.transpose(-2, -1)) / math.sqrt(D)
    ok = torch.ones(B, H, L, S, dtype=torch.bool, device=q.device)
    if attn_mask is not None:
        if attn_mask.dim() == 2 and tuple(attn_mask.shape) == (B, S):
            attn_mask = attn_mask[:, None, None, :]
        ok = ok & attn_mask
    if is_causal:
        ok = ok & torch.ones(L, S, dtype=torch.bool, device=q.device).tril()
    some = ok.any(-1, keepdim=True)
    scores = scores.masked_fill(~ok & some, float('-inf'))
    w = torch.softmax(scores, -1) * some.to(q.dtype)
    if training and p > 0:
        s = 0.0 if p == 1 else 1 / (1 - p)
        w = w * ((torch.rand(w.shape, device=w.device) >= p).to(w.dtype) * s)
    return w @ v
