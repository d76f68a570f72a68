import torch
from torch import nn


class LayerNorm(nn.Module):
    def __init__(self, normalized_shape, eps=1e-5, elementwise_affine=True):
        super().__init__()
        if isinstance(normalized_shape, int):
            normalized_shape = (normalized_shape,)
        self.normalized_shape = torch.Size(normalized_shape)
        self.eps = eps
        if elementwise_affine:
            self.weight = nn.Parameter(torch.empty(self.normalized_shape))
            self.bias = nn.Parameter(torch.empty(self.normalized_shape))
            nn.init.ones_(self.weight)
            nn.init.zeros_(self.bias)
        else:
            self.register_parameter("weight", None)
            self.register_parameter("bias", None)

    def forward(self, x):
        assert x.shape[-len(self.normalized_shape):] == self.normalized_shape
        dims = [-1 - i for i in range(len(self.normalized_shape))]
        wide = x.float() if torch.finfo(x.dtype).bits < 32 else x
        var, mean = torch.var_mean(wide, dim=dims, correction=0, keepdim=True)
        y = (wide - mean) * torch.rsqrt(var + self.eps)
        y = y.to(x.dtype)
        if self.weight is None:
            return y
        return torch.addcmul(self.bias.to(x.dtype), y, self.weight.to(x.dtype))
