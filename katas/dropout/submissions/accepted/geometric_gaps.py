
import math
import torch

def dropout(x, p=0.5, training=True):
    if not 0.0 <= p <= 1.0:
        raise ValueError("0 <= p <= 1")
    if not training:
        return x
    q = 1 - p
    n = x.numel()
    weights = [0.0] * n
    if p == 0:
        weights = [1.0] * n
    elif q > 0:
        i = -1
        while True:
            # the number of dropped ones before the next kept one
            chunk = torch.rand(max(16, int(n * q)), dtype=torch.float64).tolist()
            for u in chunk:
                i += 1 + int(math.log(1 - u) / math.log(p))
                if i >= n:
                    break
                weights[i] = 1 / q
            if i >= n:
                break
    w = torch.tensor(weights, dtype=torch.float64).to(x.dtype).to(x.device).reshape(x.shape)
    return x * w
