import torch


def causal_attention(q, k, v, key_padding_mask=None):
    scores = torch.matmul(q, k.mT) / (q.size(-1) ** 0.5)
    keep = torch.tril(torch.ones_like(scores, dtype=torch.bool))
    if key_padding_mask is not None:
        keep = keep.logical_and(key_padding_mask.logical_not().unsqueeze(1).unsqueeze(1))
    top = scores.masked_fill(~keep, float("-inf")).amax(-1, keepdim=True).detach()
    top = torch.nan_to_num(top, neginf=0.0)
    e = torch.exp((scores - top).masked_fill(~keep, float("-inf")))
    total = e.sum(-1, keepdim=True)
    return torch.matmul(e / torch.where(total == 0, torch.ones_like(total), total), v)
