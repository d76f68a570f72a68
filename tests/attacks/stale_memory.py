# Returns memory that was never written.
# must: failed
# with: wrong
def dropout(x, p=0.5, training=True):
    return torch.empty_like(x)
