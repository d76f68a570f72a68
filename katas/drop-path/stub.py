import torch


def drop_path(x: torch.Tensor, p: float = 0.0, training: bool = True) -> torch.Tensor:
    """Zero whole samples of x with probability p each; scale the others so that the expectation is preserved.

    x: floating point, (B, ...), the output of a residual branch. Returns a tensor of the same shape and dtype.
    """
    raise NotImplementedError


def linear_rates(depth: int, p_max: float) -> list[float]:
    """The drop rates of `depth` blocks, from 0.0 for the first to p_max for the last, in equal steps."""
    raise NotImplementedError
