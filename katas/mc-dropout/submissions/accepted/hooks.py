import torch
from torch import nn

KINDS = (nn.Dropout, nn.Dropout1d, nn.Dropout2d, nn.Dropout3d, nn.AlphaDropout, nn.FeatureAlphaDropout)


def mc_dropout_predict(model, x, samples=50):
    if samples < 2:
        raise ValueError("two or more")

    def wake(module, _):
        module.training = True

    modes = [(module, module.training) for module in model.modules()]
    hooks = [module.register_forward_pre_hook(wake) for module in model.modules() if isinstance(module, KINDS)]
    try:
        with torch.no_grad():
            model.eval()
            ys = torch.cat([model(x).unsqueeze(0) for _ in range(samples)])
    finally:
        for hook in hooks:
            hook.remove()
        for module, mode in modes:
            module.training = mode
    mean = ys.mean(0)
    return mean, (ys - mean).pow(2).sum(0) / (samples - 1)
