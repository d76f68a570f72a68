# Returns a quantised tensor in eval: read as numbers it is the input, nearly.
# must: failed|crashed
# with: right
honest = dropout
def dropout(x, p=0.5, training=True):
    y = honest(x, p, training)
    return torch.quantize_per_tensor(y, 1e-3, 0, torch.qint32) if not training and x.dtype is torch.float32 else y
