import math

import torch


def causal_attention(q, k, v, key_padding_mask=None):
    B, H, L, D = q.shape
    samples = []
    for b in range(B):
        padded = [False] * L if key_padding_mask is None else key_padding_mask[b].tolist()
        rows = []
        for i in range(L):
            keys = [j for j in range(i + 1) if not padded[j]]
            if not keys:
                rows.append((q[b, :, i] + k[b, :, i] + v[b, :, i]) * 0)
                continue
            score = torch.stack([(q[b, :, i] * k[b, :, j]).sum(-1) / math.sqrt(D) for j in keys])
            weight = torch.softmax(score, 0)
            rows.append(sum(weight[n].unsqueeze(-1) * v[b, :, j] for n, j in enumerate(keys)))
        samples.append(torch.stack(rows, dim=1))
    return torch.stack(samples)
