import torch


def sampler(p):
    if not 0 <= p <= 1:
        raise ValueError(f"not a probability: {p}")
    keep = 1 - p

    def apply(x):
        mask = torch.empty_like(x, dtype=torch.float32).bernoulli_(keep).to(x.dtype)
        return mask * x * (1 / keep if keep else 0)

    return apply


def dropout(x: torch.Tensor, p: float = 0.5, training: bool = True) -> torch.Tensor:
    apply = sampler(p)
    return apply(x) if training else x
