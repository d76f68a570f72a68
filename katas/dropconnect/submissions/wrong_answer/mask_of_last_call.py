import torch


class Fn(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x, weight, mask, scale):
        ctx.save_for_backward(x, weight)
        Fn.mask = mask
        ctx.scale = scale
        return torch.einsum("boi,bi->bo", weight * mask, x) * scale

    @staticmethod
    def backward(ctx, g):
        x, weight = ctx.saved_tensors
        mask = Fn.mask
        gx = torch.einsum("bo,boi->bi", g, weight * mask) * ctx.scale
        gw = torch.einsum("bo,bi,boi->oi", g, x, mask.to(x.dtype)) * ctx.scale
        return gx, gw, None, None


class DropConnectLinear(torch.nn.Module):
    def __init__(self, in_features, out_features, p=0.5, bias=True):
        super().__init__()
        if not 0 <= p <= 1:
            raise ValueError("p")
        self.p = p
        self.weight = torch.nn.Parameter(torch.randn(out_features, in_features) / in_features**0.5)
        if bias:
            self.bias = torch.nn.Parameter(torch.randn(out_features) * 0.1)
        else:
            self.register_parameter("bias", None)

    def draw(self, b, device):
        return torch.rand(b, *self.weight.shape, device=device) >= self.p

    def forward(self, x):
        if not self.training:
            return torch.nn.functional.linear(x, self.weight, self.bias)
        mask = self.draw(len(x), x.device)
        scale = 1 / (1 - self.p) if self.p < 1 else 0.0
        y = Fn.apply(x, self.weight, mask, scale)
        return y if self.bias is None else y + self.bias
