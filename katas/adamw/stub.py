from collections.abc import Iterable

import torch


class AdamW:
    """Adam with bias correction and decoupled weight decay."""

    def __init__(
        self,
        params: Iterable[torch.Tensor],
        lr: float = 1e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 0.01,
    ) -> None:
        """params: floating point leaf tensors of any shape, as a list or any other iterable (model.parameters())."""
        raise NotImplementedError

    def step(self) -> None:
        """Update every parameter that has a gradient, in place, from its .grad (same shape and dtype)."""
        raise NotImplementedError

    def zero_grad(self) -> None:
        """Leave every parameter's .grad None or all zeros."""
        raise NotImplementedError
