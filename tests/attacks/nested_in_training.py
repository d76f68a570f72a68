# Returns a list of rows where a tensor is asked for.
# must: failed|crashed
# with: right
honest = dropout
def dropout(x, p=0.5, training=True):
    y = honest(x, p, training)
    return list(y) if training and x.dim() == 2 else y
