import torch


class LayerNorm(torch.nn.Module):
    def __init__(self, normalized_shape: int | tuple[int, ...], eps: float = 1e-5, elementwise_affine: bool = True):
        super().__init__()
        shape = (normalized_shape,) if isinstance(normalized_shape, int) else tuple(normalized_shape)
        self.dims = tuple(range(-len(shape), 0))
        self.eps = max(eps, 1e-6)
        self.weight = torch.nn.Parameter(torch.ones(shape)) if elementwise_affine else None
        self.bias = torch.nn.Parameter(torch.zeros(shape)) if elementwise_affine else None

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        y = x.float() if x.dtype in (torch.float16, torch.bfloat16) else x
        mean = y.mean(self.dims, keepdim=True)
        var = (y - mean).square().mean(self.dims, keepdim=True)
        y = (y - mean) / torch.sqrt(var + self.eps)
        if self.weight is not None:
            y = y * self.weight + self.bias
        return y.to(x.dtype)
