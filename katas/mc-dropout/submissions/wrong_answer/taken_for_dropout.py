import torch
from torch import nn

KINDS = (nn.Dropout, nn.Dropout1d, nn.Dropout2d, nn.Dropout3d, nn.AlphaDropout, nn.FeatureAlphaDropout)


def mc_dropout_predict(model, x, samples=50):
    if samples < 2:
        raise ValueError("samples")
    modes = [(m, m.training) for m in model.modules()]
    try:
        for m, _ in modes:
            m.training = hasattr(m, 'p')
        with torch.no_grad():
            ys = torch.stack([model(x) for _ in range(samples)])
    finally:
        for m, mode in modes:
            m.training = mode
    return ys.mean(0), ys.var(0, unbiased=True)
