import math

import torch


def attention(q, k, v, *, attn_mask=None, is_causal=False, dropout_p=0.0, training=True):
    assert 0 <= dropout_p <= 1
    batch, heads, length, dim = q.shape
    size = k.shape[2]
    scale = 0.0 if dropout_p == 1 else 1 / (1 - dropout_p)
    if attn_mask is not None:
        attn_mask = attn_mask.expand(batch, heads, length, size)
    rows = []
    for b in range(batch):
        for h in range(heads):
            for i in range(length):
                may = [(attn_mask is None or bool(attn_mask[b, h, i, j])) and not (is_causal and j > i) for j in range(size)]
                if not any(may):
                    rows.append(v[b, h, 0] * 0 + q[b, h, i] * 0 + k[b, h, 0] * 0)
                    continue
                row = (k[b, h] @ q[b, h, i]) / math.sqrt(dim)
                open_ = torch.tensor(may, device=q.device)
                e = torch.exp(row - row.max().detach()) * open_
                w = e / e.sum()
                if training:
                    coins = [scale if torch.rand(()).item() >= dropout_p else 0.0 for _ in range(size)]
                    w = w * torch.tensor(coins, dtype=w.dtype, device=w.device)
                rows.append(w @ v[b, h])
    return torch.stack(rows).reshape(batch, heads, length, dim)
