import torch
from torch import nn

KINDS = (nn.Dropout, nn.Dropout1d, nn.Dropout2d, nn.Dropout3d, nn.AlphaDropout, nn.FeatureAlphaDropout)


def mc_dropout_predict(model, x, samples=50):
    if samples < 2:
        raise ValueError(f"samples={samples}, at least 2 are needed")
    modes = [(module, module.training) for module in model.modules()]
    try:
        model.eval()
        for module in model.modules():
            if isinstance(module, KINDS):
                module.train()
        with torch.no_grad():
            y = torch.stack([model(x) for _ in range(samples)])
        return y.mean(0), y.var(0)
    finally:
        for module, mode in modes:
            module.train(mode)
