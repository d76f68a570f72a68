import itertools

import torch


class LayerNorm(torch.nn.Module):
    def __init__(self, normalized_shape, eps=1e-5, elementwise_affine=True):
        super().__init__()
        assert eps >= 0
        self.normalized_shape = (normalized_shape,) if isinstance(normalized_shape, int) else tuple(normalized_shape)
        self.eps = eps
        self.weight = torch.nn.Parameter(torch.ones(self.normalized_shape)) if elementwise_affine else None
        self.bias = torch.nn.Parameter(torch.zeros(self.normalized_shape)) if elementwise_affine else None

    def forward(self, x):
        front = x.shape[: x.dim() - len(self.normalized_shape)]
        wide = x if x.dtype == torch.float64 else x.to(torch.float32)
        out = []
        for place in itertools.product(*(range(n) for n in front)):
            piece = wide[place]
            n = piece.numel()
            mean = sum(each for each in piece.reshape(-1)) / n
            var = sum((each - mean) ** 2 for each in piece.reshape(-1)) / n
            out.append((piece - mean) / (var + self.eps) ** 0.5)
        y = torch.stack(out).reshape(x.shape) if out else wide.clone()
        if self.weight is not None:
            y = self.weight * y + self.bias
        return y.to(x.dtype)
