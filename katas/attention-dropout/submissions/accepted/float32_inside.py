import math

import torch


def attention(q, k, v, *, attn_mask=None, is_causal=False, dropout_p=0.0, training=True):
    if not 0.0 <= dropout_p <= 1.0:
        raise ValueError("dropout_p must lie in [0, 1]")
    kind = q.dtype
    q, k, v = q.float(), k.float(), v.float()
    a = torch.matmul(q, k.mT).div(math.sqrt(q.size(-1)))
    block = torch.zeros(a.shape, dtype=torch.bool, device=a.device)
    if attn_mask is not None:
        block = block | attn_mask.logical_not()
    if is_causal:
        block = block | torch.triu(torch.ones(a.shape[-2:], dtype=torch.bool, device=a.device), diagonal=1)
    a = a.masked_fill(block, float("-inf")).softmax(dim=-1).nan_to_num()
    if training:
        a = a * torch.empty_like(a).bernoulli_(1 - dropout_p)
        a = a / max(1 - dropout_p, 1e-12)
    return torch.matmul(a, v).to(kind)
