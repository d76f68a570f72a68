import torch


def _ck(p):
    if not 0 <= p <= 1:
        raise ValueError(p)

def _weights(scores, blocked):
    sink = torch.full_like(scores[..., :1], -torch.inf).masked_fill(blocked.all(-1, keepdim=True), 0.0)
    return torch.cat([scores.masked_fill(blocked, -torch.inf), sink], -1).softmax(-1)[..., :-1]

def attention(q, k, v, *, attn_mask=None, is_causal=False, dropout_p=0.0, training=True):
    assert 0 <= dropout_p <= 1
    q2, k2, v2 = q.flatten(0, 1), k.flatten(0, 1), v.flatten(0, 1)
    N, L, D = q2.shape
    S = k2.size(1)
    blocked = torch.zeros(*q.shape[:2], L, S, dtype=torch.bool, device=q.device)
    if attn_mask is not None:
        blocked = blocked.logical_or(attn_mask.logical_not())
    if is_causal:
        blocked = blocked.logical_or(torch.arange(S, device=q.device)[None] > torch.arange(L, device=q.device)[:, None])
    w = _weights(torch.bmm(q2, k2.mT) / D ** 0.5, blocked.flatten(0, 1))
    if training and dropout_p:
        gone = torch.rand(w.shape, device=w.device) < dropout_p
        w = w.masked_fill(gone, 0.0) / (1 - dropout_p if dropout_p < 1 else 1)
    return torch.bmm(w, v2).unflatten(0, q.shape[:2])
