import torch


class LockedDropout(torch.nn.Module):
    """Dropout whose mask stays the same through a sequence."""

    def __init__(self, p: float = 0.5):
        super().__init__()
        raise NotImplementedError

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """x: (B, T, C), floating point. Returns a tensor of the same shape and dtype, on the same device."""
        raise NotImplementedError


def embedding_dropout(weight: torch.Tensor, ids: torch.Tensor, p: float = 0.1, training: bool = True) -> torch.Tensor:
    """Look ids up in weight, with whole word types dropped.

    weight: (V, D), floating point. ids: int64, any shape, values in [0, V).
    Returns (*ids.shape, D), of the dtype of weight.
    """
    raise NotImplementedError
