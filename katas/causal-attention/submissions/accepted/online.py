import torch


def causal_attention(q, k, v, key_padding_mask=None):
    """One key at a time: a running maximum, a running sum, a running result."""
    B, H, L, D = q.shape
    top = q.new_full((B, H, L, 1), -torch.inf)
    total, out = torch.zeros_like(top), torch.zeros_like(q)
    place = torch.arange(L, device=q.device).view(1, 1, L, 1)
    for j in range(L):
        hidden = place < j
        if key_padding_mask is not None:
            hidden = hidden | key_padding_mask[:, j].view(B, 1, 1, 1)
        score = (q * k[:, :, j : j + 1]).sum(-1, keepdim=True) * D**-0.5
        new = torch.where(hidden, top, torch.maximum(top, score)).detach()
        safe = torch.where(new == -torch.inf, 0.0, new).to(q.dtype)
        old = torch.where(top == -torch.inf, 0.0, (torch.where(top == -torch.inf, safe, top) - safe).exp())
        p = torch.where(hidden, 0.0, (torch.where(hidden, safe, score) - safe).exp())
        total, out, top = total * old + p, out * old + p * v[:, :, j : j + 1], new
    return out / torch.where(total == 0, 1.0, total).to(q.dtype)
