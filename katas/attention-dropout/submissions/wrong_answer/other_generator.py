import math

import torch


def attention(q, k, v, *, attn_mask=None, is_causal=False, dropout_p=0.0, training=True):
    if not 0.0 <= dropout_p <= 1.0:
        raise ValueError(f"dropout_p is the probability of dropping and lies in [0, 1], not {dropout_p}")
    length, size = q.shape[-2], k.shape[-2]
    scores = q @ k.transpose(-2, -1) / math.sqrt(q.shape[-1])
    allowed = torch.ones(length, size, dtype=torch.bool, device=q.device)
    if is_causal:
        allowed = allowed.tril()
    if attn_mask is not None:
        allowed = allowed & attn_mask
    scores = scores.masked_fill(~allowed, -math.inf)
    weights = torch.softmax(scores, dim=-1)
    weights = weights.masked_fill(~allowed, 0.0)
    if training and dropout_p > 0.0:
        generator = torch.Generator(device=weights.device)
        generator.seed()
        keep = torch.rand(weights.shape, device=weights.device, generator=generator) >= dropout_p
        weights = weights * keep
        if dropout_p < 1.0:
            weights = weights / (1.0 - dropout_p)
    return weights @ v
