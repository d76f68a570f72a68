import torch


class DropMaps(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x, p):
        coins = torch.rand(x.shape[:2], device=x.device)
        factor = (coins >= p).to(x.dtype) / (1 - p if p < 1 else 1)
        factor = factor.unsqueeze(-1).unsqueeze(-1)
        ctx.save_for_backward(factor)
        return factor * x

    @staticmethod
    def backward(ctx, grad):
        return grad * ctx.saved_tensors[0], None


def dropout2d(x: torch.Tensor, p: float = 0.5, training: bool = True) -> torch.Tensor:
    if p != p or p < 0 or p > 1:
        raise ValueError("p must be between 0 and 1")
    if len(x.shape) != 4:
        raise ValueError("expected (N, C, H, W)")
    return DropMaps.apply(x, p) if training else x
