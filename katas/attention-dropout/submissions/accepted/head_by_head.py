import math

import torch


def attention(q, k, v, *, attn_mask=None, is_causal=False, dropout_p=0.0, training=True):
    assert dropout_p >= 0 and dropout_p <= 1, "dropout_p"
    outs = []
    full = None if attn_mask is None else attn_mask.broadcast_to(*q.shape[:3], k.shape[2])
    for b in range(q.shape[0]):
        heads = []
        for h in range(q.shape[1]):
            s = q[b, h].mm(k[b, h].t()) / q.shape[3] ** 0.5
            bad = torch.zeros_like(s, dtype=torch.bool)
            if full is not None:
                bad |= ~full[b, h]
            if is_causal:
                bad |= torch.ones_like(bad).triu(1)
            s = s.masked_fill(bad, float("-inf"))
            dead = bad.all(1, keepdim=True)
            w = s.masked_fill(dead, 0).softmax(1).masked_fill(dead, 0)
            if training:
                u = torch.rand(s.shape, dtype=torch.float64).to(s.device)
                w = w * (u > dropout_p) / ((1 - dropout_p) or 1)
            heads.append(w.mm(v[b, h]))
        outs.append(torch.stack(heads))
    return torch.stack(outs)
