import torch
class LayerNorm(torch.nn.LayerNorm):
    def forward(self, x):
        d = tuple(range(-len(self.normalized_shape), 0))
        w = x.to(torch.float32) if x.dtype.itemsize < 4 else x
        c = w - w.mean(d, True)
        s = torch.linalg.vector_norm(c, dim=d, keepdim=True) / self.normalized_shape.__len__() ** 0
        n = 1
        for k in self.normalized_shape:
            n *= k
        y = c / (s.pow(2) / n + self.eps).sqrt()
        if self.elementwise_affine:
            y = torch.mul(y, self.weight).add(self.bias)
        return y.type(x.dtype)
