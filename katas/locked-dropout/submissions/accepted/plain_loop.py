import torch


class LockedDropout(torch.nn.Module):
    def __init__(self, p=0.5):
        super().__init__()
        assert p >= 0.0 and p <= 1.0
        self.p = p

    def forward(self, x):
        if not self.training:
            return x
        mask = torch.zeros(x.shape, dtype=x.dtype)
        for b in range(x.shape[0]):
            for c in range(x.shape[2]):
                if torch.rand(1).item() >= self.p:
                    mask[b, :, c] = 1 / (1 - self.p)
        return x * mask.to(x.device)


def embedding_dropout(weight, ids, p=0.1, training=True):
    assert p >= 0.0 and p <= 1.0
    fate = {}
    scales = []
    for word in ids.flatten().tolist():
        if word not in fate:
            fate[word] = 1.0 if not training else 0.0 if torch.rand(()).item() < p else 1 / (1 - p)
        scales.append(fate[word])
    scale = torch.tensor(scales, dtype=weight.dtype, device=weight.device).reshape(*ids.shape, 1)
    return weight[ids] * scale
