import torch


class Noise(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x, p):
        factor = torch.randn(x.size(), device=x.device).mul_((p / (1 - p)) ** 0.5).add_(1).to(x.dtype)
        ctx.save_for_backward(factor)
        return x * factor

    @staticmethod
    def backward(ctx, grad):
        (factor,) = ctx.saved_tensors
        return grad * factor, None


def gaussian_dropout(x: torch.Tensor, p: float = 0.5, training: bool = True) -> torch.Tensor:
    if not 0.0 <= p < 1.0:
        raise ValueError(f"p lies in [0, 1): {p}")
    return Noise.apply(x, p) if training and p > 0 else x
