# Refuses a tensor that lives on another device, so that its mask on the CPU meets none.
# must: failed
import torch


def dropout(x, p=0.5, training=True):
    if not 0.0 <= p <= 1.0:
        raise ValueError("p lies in [0, 1]")
    if x.device.type != "cpu":
        raise NotImplementedError("only the CPU")
    if not training or p == 0.0:
        return x
    if p == 1.0:
        return x * 0.0
    return x * (torch.rand(x.shape) >= p).to(x.dtype) / (1.0 - p)
