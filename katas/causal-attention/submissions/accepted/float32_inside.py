import torch
import torch.nn.functional as F


def causal_attention(q, k, v, key_padding_mask=None):
    B, H, L, D = q.shape
    scores = torch.einsum("bhid,bhjd->bhij", q.float(), k.float()) * D**-0.5
    positions = torch.arange(L, device=q.device)
    hidden = (positions[None, :] > positions[:, None]).expand(B, H, L, L)
    if key_padding_mask is not None:
        assert key_padding_mask.dtype == torch.bool
        hidden = hidden | key_padding_mask.reshape(B, 1, 1, L)
    scores = torch.where(hidden, torch.finfo(scores.dtype).min, scores)
    weights = F.softmax(scores, dim=-1).masked_fill(hidden, 0)
    return torch.einsum("bhij,bhjd->bhid", weights, v.float()).to(q.dtype)
