import torch


def causal_attention(
    q: torch.Tensor, k: torch.Tensor, v: torch.Tensor, key_padding_mask: torch.Tensor | None = None
) -> torch.Tensor:
    """Scaled dot-product attention in which each position sees itself and what is before it.

    q, k, v: (B, H, L, D), floating point. key_padding_mask: bool (B, L), True = padding, not attended; or None.
    Returns (B, H, L, D), of the same dtype.
    """
    raise NotImplementedError
