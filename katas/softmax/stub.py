import torch


def softmax(x: torch.Tensor, dim: int = -1) -> torch.Tensor:
    """The softmax of x along dim.

    x: floating point, any shape with at least one axis, finite or -inf. Returns a tensor of the same shape and dtype.
    """
    raise NotImplementedError


def log_softmax(x: torch.Tensor, dim: int = -1) -> torch.Tensor:
    """The logarithm of the softmax of x along dim.

    x: as above. Returns a tensor of the same shape and dtype; -inf where x is -inf, finite where x is moderate.
    """
    raise NotImplementedError
