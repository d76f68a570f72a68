import torch
from torch import nn


KINDS = (nn.Dropout, nn.Dropout1d, nn.Dropout2d, nn.Dropout3d, nn.AlphaDropout, nn.FeatureAlphaDropout)

def mc_dropout_predict(model, x, samples=50):
    if samples < 2:
        raise ValueError(samples)
    mods = list(model.modules())
    modes = [m.training for m in mods]
    outs = []
    try:
        with torch.no_grad():
            model.eval()
            for m in list(model.modules())[1:]:
                if isinstance(m, KINDS):
                    m.train()
            for _ in range(samples):
                outs.append(model(x))
    finally:
        for m, t in zip(mods, modes):
            m.training = t
    y = torch.stack(outs)
    return y.mean(0), y.var(0, unbiased=True)
