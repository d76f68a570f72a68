import torch


def attention(q, k, v, *, attn_mask=None, is_causal=False, dropout_p=0.0, training=True):
    if not 0 <= dropout_p <= 1:
        raise ValueError("dropout_p must lie in [0, 1]")
    scores = q @ k.transpose(-2, -1) / q.shape[-1] ** 0.5
    allowed = torch.ones(scores.shape, dtype=torch.bool, device=q.device)
    if attn_mask is not None:
        allowed = allowed & attn_mask
    if is_causal:
        allowed = allowed.tril()
    w = scores.masked_fill(~allowed, torch.finfo(scores.dtype).min).softmax(-1)
    w = w.masked_fill(~allowed, 0)
    if training and dropout_p == 1:
        w = w * 0
    elif training and dropout_p > 0:
        keep = torch.rand(w.shape, device=w.device) >= dropout_p
        w = w * keep / (1 - dropout_p)
    return w @ v if q.requires_grad else w.detach() @ v
