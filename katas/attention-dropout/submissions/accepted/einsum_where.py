import math

import torch


def attention(q, k, v, *, attn_mask=None, is_causal=False, dropout_p=0.0, training=True):
    if not 0.0 <= dropout_p <= 1.0:
        raise ValueError("dropout_p must lie in [0, 1]")
    logits = torch.einsum("bhld,bhsd->bhls", q, k) * q.shape[-1] ** -0.5
    ok = torch.ones_like(logits, dtype=torch.bool)
    if attn_mask is not None:
        ok = ok & attn_mask
    if is_causal:
        i = torch.arange(q.shape[2], device=q.device)
        ok = ok & (i[:, None] >= i[None, :])
    logits = torch.where(ok, logits, torch.finfo(logits.dtype).min)
    prob = logits.softmax(-1)
    prob = torch.where(ok.any(-1, keepdim=True), prob, torch.zeros_like(prob))
    if training and dropout_p == 1:
        prob = prob * 0
    elif training:
        prob = torch.where(torch.rand_like(prob, dtype=torch.float32) < dropout_p, 0.0, prob / (1 - dropout_p))
    return torch.einsum("bhls,bhsd->bhld", prob, v)
