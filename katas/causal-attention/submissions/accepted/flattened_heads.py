import torch


def causal_attention(q, k, v, key_padding_mask=None):
    b, h, n, d = q.shape
    q, k, v = (each.reshape(b * h, n, d) for each in (q, k, v))
    scores = torch.bmm(q, k.transpose(1, 2)).mul(1.0 / d**0.5)
    blocked = torch.ones(n, n, device=q.device).triu(diagonal=1).bool().unsqueeze(0)
    if key_padding_mask is not None:
        blocked = blocked | key_padding_mask.repeat_interleave(h, dim=0).unsqueeze(1)
    weights = torch.softmax(scores.masked_fill(blocked, torch.finfo(scores.dtype).min), dim=2)
    weights = weights * ~blocked
    return torch.bmm(weights, v).reshape(b, h, n, d)
