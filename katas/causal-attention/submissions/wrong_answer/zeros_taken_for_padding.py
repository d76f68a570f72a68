import torch


def causal_attention(q, k, v, key_padding_mask=None):
    L, D = q.shape[-2:]
    scores = q @ k.transpose(-2, -1) / D**0.5
    see = torch.ones(L, L, dtype=torch.bool, device=q.device).tril()
    if key_padding_mask is None:
        key_padding_mask = (k == 0).all(-1).all(1)
    if key_padding_mask is not None:
        see = see & ~key_padding_mask[:, None, None, :]
    w = scores.masked_fill(~see, torch.finfo(scores.dtype).min).softmax(-1)
    w = w.masked_fill(~see, 0)
    return w @ v
