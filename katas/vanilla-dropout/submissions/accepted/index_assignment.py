import torch


def vanilla_train(x: torch.Tensor, p: float) -> torch.Tensor:
    assert 0.0 <= p <= 1.0
    out = x.clone()
    out[torch.rand(out.shape, device=out.device) < p] = 0
    return out


def vanilla_eval(x: torch.Tensor, p: float) -> torch.Tensor:
    assert 0.0 <= p <= 1.0
    out = x.clone()
    out *= 1.0 - p
    return out


def fold_into_next(weight, bias, p):
    assert 0.0 <= p <= 1.0
    return torch.nn.Parameter(weight.detach() * (1.0 - p)), bias
