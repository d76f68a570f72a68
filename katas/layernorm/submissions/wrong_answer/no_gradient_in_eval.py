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
        dims = tuple(range(-len(self.shape), 0))
        z = x.float() if x.dtype in (torch.float16, torch.bfloat16) else x
        mean = z.mean(dims, keepdim=True)
        var = (z - mean).pow(2).mean(dims, keepdim=True)
        y = (z - mean) * torch.rsqrt(var + self.eps)
        if self.weight is not None:
            y = y * self.weight + (self.bias if self.training else self.bias.detach())
        return y.to(x.dtype)
