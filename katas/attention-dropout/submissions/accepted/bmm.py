import math

import torch


def attention(q, k, v, *, attn_mask=None, is_causal=False, dropout_p=0.0, training=True):
    if not 0.0 <= dropout_p <= 1.0:
        raise ValueError("dropout_p must lie in [0, 1]")
    b, h, n, d = q.shape
    s = k.shape[2]
    q3, k3, v3 = q.reshape(b * h, n, d), k.reshape(b * h, s, d), v.reshape(b * h, s, d)
    mask = torch.ones((b, h, n, s), dtype=torch.bool, device=q.device)
    if attn_mask is not None:
        mask = mask.logical_and(attn_mask)
    if is_causal:
        mask = mask.tril()
    mask = mask.view(b * h, n, s)
    e = torch.bmm(q3 * (1 / math.sqrt(d)), k3.transpose(1, 2))
    e = e - e.amax(-1, keepdim=True).detach()
    e = e.exp() * mask
    total = e.sum(-1, keepdim=True)
    w = e / torch.where(total > 0, total, 1)
    if training and dropout_p > 0:
        coin = torch.bernoulli(torch.full(w.shape, 1 - dropout_p, device=w.device)).to(w.dtype)
        w = w * coin * (1 / (1 - dropout_p) if dropout_p < 1 else 0)
    return torch.bmm(w, v3).reshape(b, h, n, d)
