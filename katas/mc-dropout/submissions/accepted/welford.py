import torch
from torch import nn

KINDS = (nn.Dropout, nn.Dropout1d, nn.Dropout2d, nn.Dropout3d, nn.AlphaDropout, nn.FeatureAlphaDropout)


def mc_dropout_predict(model, x, samples=50):
    if samples < 2:
        raise ValueError("samples must be at least 2")
    was = [module.training for module in model.modules()]
    try:
        for module in model.modules():
            module.training = isinstance(module, KINDS)
        mean = m2 = None
        for n in range(1, samples + 1):
            with torch.no_grad():
                y = model(x)
            if mean is None:
                mean, m2 = y.clone(), torch.zeros_like(y)
                continue
            delta = y - mean
            mean = mean + delta / n
            m2 = m2 + delta * (y - mean)
        return mean, m2 / (samples - 1)
    finally:
        for module, flag in zip(model.modules(), was):
            module.training = flag
