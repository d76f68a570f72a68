import copy

import torch
from torch.nn.modules.dropout import _DropoutNd


def mc_dropout_predict(model, x, samples=50):
    assert samples >= 2, "two samples or more"
    twin = copy.deepcopy(model).eval()
    twin.apply(lambda m: m.train() if isinstance(m, _DropoutNd) else None)
    with torch.inference_mode():
        ys = torch.stack([twin(x) for _ in range(samples)], dim=-1)
        return ys.mean(dim=-1), ys.var(dim=-1, correction=1)
