import torch


class Drop(torch.autograd.Function):
    @staticmethod
    def forward(ctx, w, p):
        mask = w.new_empty(w.shape, dtype=torch.float32).uniform_().ge(p).to(w.dtype)
        ctx.mask = mask / (1 - p) if p < 1 else mask
        return w * ctx.mask

    @staticmethod
    def backward(ctx, grad):
        return grad * ctx.mask, None


class Core(torch.nn.Module):
    def __init__(self, p):
        super().__init__()
        self.p = p

    def forward(self, q, k, v, mask):
        s = (q * q.size(3) ** -0.5).matmul(k.transpose(2, 3))
        s = s.masked_fill(mask.logical_not(), -3e4)
        a = s.softmax(3) * mask
        return (Drop.apply(a, self.p) if self.training else a).matmul(v)


def attention(q, k, v, *, attn_mask=None, is_causal=False, dropout_p=0.0, training=True):
    if dropout_p != dropout_p or dropout_p < 0 or dropout_p > 1:
        raise ValueError(dropout_p)
    mask = q.new_ones((1, 1, q.size(2), k.size(2)), dtype=torch.bool)
    if is_causal:
        mask = torch.tril(mask)
    if attn_mask is not None:
        mask = torch.logical_and(mask, attn_mask)
    return Core(dropout_p).train(training)(q, k, v, mask)
