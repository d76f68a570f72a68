import math

import torch


def attention(q, k, v, *, attn_mask=None, is_causal=False, dropout_p=0.0, training=True):
    """Blocks of keys with a running maximum: the denominator sees every weight, the numerator only those kept."""
    if not 0.0 <= dropout_p <= 1.0:
        raise ValueError("dropout_p must lie in [0, 1]")
    b, h, n, d = q.shape
    s = k.shape[2]
    if attn_mask is not None:
        attn_mask = attn_mask.expand(b, h, n, s)
    top = q.new_full((b, h, n, 1), torch.finfo(q.dtype).min)
    total = q.new_zeros((b, h, n, 1))
    out = q * 0
    row = torch.arange(n, device=q.device)[:, None]
    for start in range(0, s, 4):
        part = slice(start, min(start + 4, s))
        logits = q @ k[:, :, part].transpose(-1, -2) / math.sqrt(d)
        ok = torch.ones(logits.shape, dtype=torch.bool, device=q.device)
        if is_causal:
            ok = ok & (row >= torch.arange(part.start, part.stop, device=q.device))
        if attn_mask is not None:
            ok = ok & attn_mask[..., part]
        best = torch.maximum(top, logits.masked_fill(~ok, torch.finfo(q.dtype).min).amax(-1, keepdim=True)).detach()
        e = (logits - best).masked_fill(~ok, 0).exp().masked_fill(~ok, 0)
        shrink = (top - best).exp()
        total = total * shrink + e.sum(-1, keepdim=True)
        if training:
            keep = torch.rand(e.shape, device=e.device) >= dropout_p
            e = e * keep / (1 - dropout_p if dropout_p < 1 else 1)
        out = out * shrink + e @ v[:, :, part]
        top = best
    return out / total.masked_fill(total == 0, 1)
