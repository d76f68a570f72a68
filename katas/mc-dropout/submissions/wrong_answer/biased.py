import torch
from torch import nn

KINDS = (nn.Dropout, nn.Dropout1d, nn.Dropout2d, nn.Dropout3d, nn.AlphaDropout, nn.FeatureAlphaDropout)


def mc_dropout_predict(model, x, samples=50):
    if samples < 2:
        raise ValueError(f"an unbiased variance needs two samples or more, not {samples}")
    modes = {module: module.training for module in model.modules()}
    try:
        model.eval()
        for module in model.modules():
            if isinstance(module, KINDS):
                module.train()
        with torch.no_grad():
            passes = torch.stack([model(x) for _ in range(samples)])
    finally:
        for module, mode in modes.items():
            module.training = mode
    return passes.mean(0), passes.var(0, unbiased=False)
