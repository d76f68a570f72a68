import torch
from torch import Tensor


class CausalAttention:
    def __call__(self, q: Tensor, k: Tensor, v: Tensor, key_padding_mask: Tensor | None = None) -> Tensor:
        b, h, n, d = q.size()
        allow = torch.tril(q.new_ones(n, n)).bool().repeat(b, 1, 1)
        if key_padding_mask is not None:
            assert key_padding_mask.dtype == torch.bool
            allow = allow.logical_and(key_padding_mask.logical_not().unsqueeze(1))
        allow = allow.unsqueeze(1)
        root = d**0.25
        scores = (q / root) @ (k / root).transpose(2, 3)
        scores = torch.where(allow, scores, torch.finfo(q.dtype).min)
        weights = scores.float().softmax(dim=3).to(q.dtype)
        return torch.where(allow.any(-1, keepdim=True), weights @ v, torch.zeros((), dtype=v.dtype, device=v.device))


causal_attention = CausalAttention()
