import torch
from torch import nn

KINDS = (nn.Dropout, nn.Dropout1d, nn.Dropout2d, nn.Dropout3d, nn.AlphaDropout, nn.FeatureAlphaDropout)


def mc_dropout_predict(model, x, samples=50):
    if samples < 2:
        raise ValueError("need at least two")
    saved = {name: module.training for name, module in model.named_modules()}
    try:
        model.train(False)
        for _, module in model.named_modules():
            if isinstance(module, KINDS):
                module.train(True)
        with torch.no_grad():
            total = squares = 0.0
            for _ in range(samples):
                y = model(x)
                total = total + y.double()
                squares = squares + y.double() ** 2
        mean = total / samples
        variance = (squares - samples * mean**2) / (samples - 1)
        return mean.to(y.dtype), variance.clamp_min(0).to(y.dtype)
    finally:
        for name, module in model.named_modules():
            module.training = saved[name]
