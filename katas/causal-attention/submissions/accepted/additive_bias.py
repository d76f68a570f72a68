import torch
from torch import nn


class CausalAttention(nn.Module):
    def forward(self, q, k, v, key_padding_mask=None):
        L = q.size(2)
        bias = torch.full((L, L), float("-inf"), dtype=q.dtype, device=q.device).triu(1)
        scores = (q / q.size(3) ** 0.5) @ k.transpose(2, 3) + bias
        dead = None
        if key_padding_mask is not None:
            scores = scores.masked_fill(key_padding_mask[:, None, None, :], float("-inf"))
            dead = (scores == float("-inf")).all(dim=-1, keepdim=True)
            scores = torch.where(dead, torch.zeros_like(scores), scores)
        attn = nn.functional.softmax(scores, dim=-1)
        if dead is not None:
            attn = attn * (~dead).to(attn.dtype)
        return attn @ v


def causal_attention(q, k, v, key_padding_mask=None):
    return CausalAttention()(q, k, v, key_padding_mask)
