import torch


def vanilla_train(x: torch.Tensor, p: float) -> torch.Tensor:
    """Drop each element of x with probability p, without scaling what is kept.

    x: floating point, any shape. Returns a tensor of the same shape and dtype, on the same device.
    """
    raise NotImplementedError


def vanilla_eval(x: torch.Tensor, p: float) -> torch.Tensor:
    """x as the next layer should see it at eval: nothing dropped, scaled to the mean of training.

    Returns a tensor of the same shape and dtype, on the same device.
    """
    raise NotImplementedError


def fold_into_next(
    weight: torch.Tensor, bias: torch.Tensor | None, p: float
) -> tuple[torch.Tensor, torch.Tensor | None]:
    """Parameters for the linear layer after the dropout, with which x needs no scaling at eval.

    weight: (out, in); bias: (out,) or None. Returns the new pair in the same shapes and dtypes.
    """
    raise NotImplementedError
