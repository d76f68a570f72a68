# A tensor with the negative bit set, whose bytes are not its values.
# must: failed
# with: wrong
def dropout(x, p=0.5, training=True):
    return torch._neg_view(x.clone()) if x.is_floating_point() else x
