import torch
def causal_attention(q, k, v, key_padding_mask=None):
    # a sink column with -inf unless the row is empty
    s = (q.double() @ k.double().transpose(2, 3)) / q.shape[3] ** 0.5
    n = q.shape[2]
    hide = torch.triu(torch.ones(n, n, device=q.device, dtype=torch.bool), 1)[None, None].repeat(q.shape[0], 1, 1, 1)
    if key_padding_mask is not None:
        hide |= key_padding_mask[:, None, None, :]
    sink = torch.where(hide.all(-1, keepdim=True), 0.0, float("-inf")).to(s).expand(-1, q.shape[1], -1, -1)
    w = torch.cat([s.masked_fill(hide, float("-inf")), sink], -1)
    w = (w - w.logsumexp(-1, keepdim=True)).exp()[..., :-1]
    return (w @ v.double()).to(q.dtype)
