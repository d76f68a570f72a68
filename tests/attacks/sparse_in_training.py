# Returns a sparse tensor in training: its values are right.
# must: failed|crashed
# with: right
honest = dropout
def dropout(x, p=0.5, training=True):
    y = honest(x, p, training)
    return y.to_sparse() if training and x.dim() == 2 else y
