import torch


class ManualDropout:
    def __init__(self, p: float) -> None:
        """p: the probability of dropping an element, in [0, 1]."""
        raise NotImplementedError

    def forward(self, x: torch.Tensor, training: bool = True) -> torch.Tensor:
        """Inverted dropout of x (floating point, any shape). Returns a tensor of the same shape and dtype."""
        raise NotImplementedError

    def backward(self, grad_out: torch.Tensor) -> torch.Tensor:
        """The gradient with respect to the x of the latest forward; grad_out has the shape and dtype of its output."""
        raise NotImplementedError
