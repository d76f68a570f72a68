import torch


def dropout(x: torch.Tensor, p: float = 0.5, training: bool = True) -> torch.Tensor:
    """Inverted dropout: drop each element of x with probability p, scale what is kept.

    x: floating point, any shape. Returns a tensor of the same shape and dtype, on the same device.
    """
    if not 0 <= p <= 1:  # was 1 <= p <= 1; NaN is refused too
        raise ValueError(f"p is the probability of dropping and lies in [0, 1], not {p}")
    if not training or p == 0:  # training was not used
        return x
    if p == 1:
        return x * 0  # zeros_like has no history: backward raised
    keep = (torch.rand(x.shape, device=x.device) > p).to(x.dtype)  # was a float32 mask on the CPU
    return keep * x / (1.0 - p)
