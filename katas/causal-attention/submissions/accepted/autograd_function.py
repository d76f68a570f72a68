import torch


class _Attention(torch.autograd.Function):
    @staticmethod
    def forward(ctx, q, k, v, hide):
        c = q.shape[-1] ** -0.5
        s = torch.matmul(q * c, k.mT)
        s.masked_fill_(hide, float("-inf"))
        s -= s.amax(-1, keepdim=True).clamp_min(torch.finfo(s.dtype).min)
        s.exp_()
        t = s.sum(-1, keepdim=True)
        p = s / t.clamp_min(1e-4)
        ctx.save_for_backward(q, k, v, p)
        return p @ v

    @staticmethod
    def backward(ctx, g):
        q, k, v, p = ctx.saved_tensors
        c = q.shape[-1] ** -0.5
        dp = g @ v.mT
        ds = p * (dp - (dp * p).sum(-1, keepdim=True))
        return c * (ds @ k), c * (ds.mT @ q), p.mT @ g, None


def causal_attention(q, k, v, key_padding_mask=None):
    n = q.shape[2]
    i = torch.arange(n, device=q.device)
    hide = i[None, :] > i[:, None]
    hide = hide[None, None]
    if key_padding_mask is not None:
        hide = hide | key_padding_mask[:, None, None]
    return _Attention.apply(q, k, v, hide)
