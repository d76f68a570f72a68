import torch
from torch import nn

KINDS = (nn.Dropout, nn.Dropout1d, nn.Dropout2d, nn.Dropout3d, nn.AlphaDropout, nn.FeatureAlphaDropout)


def set_modes(model, modes):
    for module, mode in zip(list(model.modules()), modes):
        module.training = mode


def mc_dropout_predict(model, x, samples=50):
    assert samples > 1
    before = [module.training for module in model.modules()]
    collected = []
    set_modes(model, [type(module) in KINDS for module in model.modules()])
    try:
        for _ in range(samples):
            rows = []
            for b in range(x.shape[0]):
                rows.append(model(x[b : b + 1].detach()).detach().tolist()[0])
            collected.append(rows)
        kind = model(x.detach()).dtype  # one more pass, only to see the dtype
    except BaseException:
        set_modes(model, before)
        raise
    set_modes(model, before)
    t = torch.tensor(collected, dtype=torch.float64)
    mean = sum(t) / samples
    variance = sum((each - mean) ** 2 for each in t) / (samples - 1)
    return mean.to(kind), variance.to(kind)
