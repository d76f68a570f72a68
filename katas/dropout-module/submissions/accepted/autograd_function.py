import torch
from torch.autograd import Function
from torch.nn import Module


class Inverted(Function):
    @staticmethod
    def forward(ctx, x, p, inplace):
        factor = (x.new_empty(x.shape, dtype=torch.float32).uniform_() >= p).to(x.dtype)
        if p < 1:
            factor.div_(1 - p)
        ctx.save_for_backward(factor)
        if inplace:
            ctx.mark_dirty(x)
            return x.mul_(factor)
        return x * factor

    @staticmethod
    def backward(ctx, grad):
        return grad * ctx.saved_tensors[0], None, None


class Dropout(Module):
    def __init__(self, p: float = 0.5, inplace: bool = False):
        super().__init__()
        if p < 0 or p > 1 or p != p:
            raise ValueError("dropout probability has to be between 0 and 1")
        self.p, self.inplace = p, inplace

    def forward(self, x):
        return Inverted.apply(x, self.p, self.inplace) if self.training else x.clone()

    def extra_repr(self):
        return f"p={self.p}, inplace={self.inplace}"
