import torch


def drop_path(x: torch.Tensor, p: float = 0.0, training: bool = True) -> torch.Tensor:
    if p != p or p < 0 or p > 1:
        raise ValueError("p must be between 0 and 1")
    if p == 0.0 or not training:
        return x
    keep_prob = 1 - p
    shape = (x.shape[0],) + (1,) * (x.ndim - 1)
    random_tensor = x.new_empty(shape).bernoulli_(keep_prob)
    if keep_prob > 0.0:
        random_tensor.div_(keep_prob)
    return x * random_tensor


def linear_rates(depth: int, p_max: float) -> list[float]:
    return [x.item() for x in torch.linspace(0, p_max, depth)]
