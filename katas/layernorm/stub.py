import torch


class LayerNorm(torch.nn.Module):
    """Layer normalisation over the last axes, those of normalized_shape.

    weight, bias: parameters of shape normalized_shape, ones and zeros at first; None when elementwise_affine is False.
    """

    def __init__(self, normalized_shape: int | tuple[int, ...], eps: float = 1e-5, elementwise_affine: bool = True):
        super().__init__()
        raise NotImplementedError

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """x: (*, *normalized_shape), floating point. Returns a tensor of the same shape and dtype."""
        raise NotImplementedError
