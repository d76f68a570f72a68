import torch


class Inverted(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x, p):
        noise = x.new_empty(x.shape).uniform_()
        mask = (noise >= p).to(x.dtype)
        if p < 1:
            mask = mask / (1 - p)
        ctx.save_for_backward(mask)
        return x * mask

    @staticmethod
    def backward(ctx, grad):
        (mask,) = ctx.saved_tensors
        return grad * mask, None


def dropout(x: torch.Tensor, p: float = 0.5, training: bool = True) -> torch.Tensor:
    if p != p or p < 0 or p > 1:
        raise ValueError("p must be between 0 and 1")
    if not training:
        return x
    return Inverted.apply(x.double(), p).to(x.dtype)
