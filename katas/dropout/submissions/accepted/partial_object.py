from functools import partial

import torch


def _drop(draw, x, p=0.5, training=True):
    assert 0 <= p <= 1
    if not training:
        return x
    return x * draw(x.shape, device=x.device).ge(p).to(x.dtype) / ((1 - p) or 1)


dropout = partial(_drop, torch.rand)
