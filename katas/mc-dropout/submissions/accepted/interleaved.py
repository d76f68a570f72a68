import torch
from torch import nn

KINDS = (nn.Dropout, nn.Dropout1d, nn.Dropout2d, nn.Dropout3d, nn.AlphaDropout, nn.FeatureAlphaDropout)


def mc_dropout_predict(model, x, samples=50):
    assert samples >= 2, "samples"
    modes = {}
    for name, module in model.named_modules():
        modes[name] = module.training
        module.training = isinstance(module, KINDS)
    grad = torch.is_grad_enabled()
    torch.set_grad_enabled(False)
    try:
        y = model(x.repeat_interleave(samples, dim=0))
        y = y.unflatten(0, (len(x), samples))
        return torch.mean(y, dim=1), torch.var(y, dim=1)
    finally:
        torch.set_grad_enabled(grad)
        for name, module in model.named_modules():
            module.training = modes[name]
