import torch


def attention(
    q: torch.Tensor,
    k: torch.Tensor,
    v: torch.Tensor,
    *,
    attn_mask: torch.Tensor | None = None,
    is_causal: bool = False,
    dropout_p: float = 0.0,
    training: bool = True,
) -> torch.Tensor:
    """Scaled dot-product attention with dropout on the attention weights.

    q: (B, H, L, D); k, v: (B, H, S, D); attn_mask: bool, broadcastable to (B, H, L, S), True = may attend.
    Returns (B, H, L, D), in the dtype and on the device of q.
    """
    raise NotImplementedError
