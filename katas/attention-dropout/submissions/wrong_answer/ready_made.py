import torch
import torch.nn.functional as F


def attention(q, k, v, *, attn_mask=None, is_causal=False, dropout_p=0.0, training=True):
    if not 0.0 <= dropout_p <= 1.0:
        raise ValueError(dropout_p)
    if is_causal and attn_mask is not None:
        attn_mask = attn_mask & torch.ones(q.shape[-2], k.shape[-2], dtype=torch.bool, device=q.device).tril()
        is_causal = False
    return F.scaled_dot_product_attention(q, k, v, attn_mask=attn_mask, is_causal=is_causal, dropout_p=dropout_p if training else 0.0)
