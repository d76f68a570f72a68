"""The worker's side of the suite: attention with given weights and v = I, which shows them as they were dropped.

x holds weights, (B, H, L, S). With D = S, k = I and q = √D log x it is softmax(q kᵀ/√D).
"""

from types import ModuleType
from typing import Any

import torch

submission: ModuleType


def given(x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """q, k and v."""
    size = x.shape[-1]
    eye = torch.eye(size, dtype=x.dtype, device=x.device).expand(*x.shape[:-2], size, size)
    return x.log() * size**0.5, eye.contiguous(), eye.contiguous()


def loud(x: torch.Tensor, p: float) -> Any:
    return submission.attention(*given(x), dropout_p=p, training=True)


def quiet(x: torch.Tensor, p: float) -> Any:
    return submission.attention(*given(x), dropout_p=p, training=False)


def spelled(x: torch.Tensor, p: float) -> Any:
    q, k, v = given(x)
    return submission.attention(q=q, k=k, v=v, attn_mask=None, is_causal=False, dropout_p=p, training=True)


def plain(x: torch.Tensor, p: float) -> Any:
    return submission.attention(*given(x), dropout_p=p)


def by_default(x: torch.Tensor) -> Any:
    return submission.attention(*given(x))
