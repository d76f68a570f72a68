import torch


class LayerNorm(torch.nn.Module):
    def __init__(self, normalized_shape, eps=1e-5, elementwise_affine=True):
        super().__init__()
        self.shape = (normalized_shape,) if isinstance(normalized_shape, int) else tuple(normalized_shape)
        self.eps = eps
        if elementwise_affine:
            self.weight = torch.nn.Parameter(torch.ones(self.shape))
            self.bias = torch.nn.Parameter(torch.zeros(self.shape))
        else:
            self.weight = None
            self.bias = None

    def forward(self, x):
        """Pairs of differences: the variance is half their mean square."""
        wide = x.double().flatten(x.dim() - len(self.shape))
        order = wide - wide[..., :1].detach()
        mean = order.mean(-1, keepdim=True)
        var = order.square().mean(-1, keepdim=True) - mean.square()
        y = ((order - mean) * var.clamp_min(0).add(self.eps).rsqrt()).reshape(x.shape)
        if self.weight is not None:
            y = y * self.weight.double() + self.bias.double()
        return y.to(x)
