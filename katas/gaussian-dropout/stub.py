import torch


def gaussian_dropout(x: torch.Tensor, p: float = 0.5, training: bool = True) -> torch.Tensor:
    """Multiply each element of x by normal noise of mean 1, with the variance that dropout at rate p would have.

    x: floating point, any shape. Returns a tensor of the same shape and dtype, on the same device.
    """
    raise NotImplementedError
