import torch


def dropout(x: torch.Tensor, p: float = 0.5, training: bool = True) -> torch.Tensor:
    """Drop each element of x with probability p; scale what is kept so that the expectation is preserved.

    x: floating point, any shape. Returns a tensor of the same shape and dtype, on the same device.
    """
    raise NotImplementedError
