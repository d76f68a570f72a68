import torch


def new_kata(x: torch.Tensor, negative_slope: float = 0.01) -> torch.Tensor:
    # TO WRITE: the answer in the order in which you would say it. Until then this is leaky ReLU.
    return torch.where(x > 0, x, x * negative_slope)
