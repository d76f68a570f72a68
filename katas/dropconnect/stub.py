import torch


class DropConnectLinear(torch.nn.Module):
    """A linear layer that, in training, drops each weight with probability p, in a mask of its own for each sample.

    Parameters: weight (out_features, in_features) and bias (out_features,), or no bias.
    """

    def __init__(self, in_features: int, out_features: int, p: float = 0.5, bias: bool = True) -> None:
        raise NotImplementedError

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """x: (B, in_features). Returns (B, out_features)."""
        raise NotImplementedError
