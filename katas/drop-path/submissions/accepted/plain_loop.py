import torch


def drop_path(x: torch.Tensor, p: float = 0.0, training: bool = True) -> torch.Tensor:
    assert 0 <= p <= 1, "p must be in [0, 1]"
    y = x.clone()
    if training:
        for i in range(len(x)):
            if torch.rand(1).item() < p:
                y[i] = 0
            else:
                y[i] = y[i] / (1 - p)
    return y


def linear_rates(depth: int, p_max: float) -> list[float]:
    rates = [0.0]
    for i in range(1, depth):
        rates.append(i * p_max / (depth - 1))
    return rates
