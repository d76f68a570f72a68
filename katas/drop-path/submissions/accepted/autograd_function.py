import torch


class DropPath(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x, p):
        coins = torch.rand(len(x), device=x.device)
        ctx.factor = (coins >= p).to(x.dtype) / (1 - p if p < 1 else 1)
        return weigh(x, ctx.factor)

    @staticmethod
    def backward(ctx, grad):
        return weigh(grad, ctx.factor), None


def weigh(x, factor):
    """Each sample times its own factor: the first axis moved last, where it broadcasts."""
    return (x.movedim(0, -1) * factor).movedim(-1, 0)


def drop_path(x: torch.Tensor, p: float = 0.0, training: bool = True) -> torch.Tensor:
    if not 0.0 <= p <= 1.0:
        raise ValueError(f"bad p: {p}")
    return DropPath.apply(x, p) if training else x


def linear_rates(depth: int, p_max: float) -> list[float]:
    return [0.0] if depth == 1 else torch.arange(depth).double().mul(p_max / (depth - 1)).tolist()
