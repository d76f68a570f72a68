import torch


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
            with torch.no_grad():
                return torch.nn.functional.linear(x, self.weight, self.bias)
        mask = self.draw(len(x), x.device)
        scale = 1 / (1 - self.p) if self.p < 1 else 0.0
        y = torch.einsum("boi,bi->bo", self.weight * mask, x) * scale
        return y if self.bias is None else y + self.bias
