# NaN compares false to every bound.
# must: failed
# with: wrong
def dropout(x, p=0.5, training=True):
    return x * float('nan')
