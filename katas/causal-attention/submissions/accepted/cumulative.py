import torch
def causal_attention(q, k, v, key_padding_mask=None):
    B, H, L, D = q.shape
    outs = []
    for i in range(L):
        s = (q[:, :, i : i + 1] * k[:, :, : i + 1]).sum(-1) / D ** 0.5
        if key_padding_mask is None:
            w = torch.softmax(s, -1)
        else:
            m = key_padding_mask[:, None, : i + 1]
            s = s.masked_fill(m, torch.finfo(s.dtype).min)
            w = torch.softmax(s, -1) * (~m)
            w = w / w.sum(-1, keepdim=True).clamp_min(1e-6)
        outs.append((w.unsqueeze(-1) * v[:, :, : i + 1]).sum(2))
    return torch.stack(outs, 2)
