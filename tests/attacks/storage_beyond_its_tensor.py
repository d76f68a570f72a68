# A tensor that is a small window of a storage of a gigabyte.
# must: failed|crashed|timeout
# with: wrong
def dropout(x, p=0.5, training=True):
    return torch.empty(1 << 26)[: x.numel()].view(x.shape).to(x.dtype)
