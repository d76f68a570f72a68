# Returns a nested tensor, whose shape cannot even be asked for.
# must: failed
# with: right
honest = dropout


def dropout(x, p=0.5, training=True):
    y = honest(x, p, training)
    return torch.nested.nested_tensor([y]) if not training and x.dim() == 2 else y
