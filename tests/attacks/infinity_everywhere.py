# Infinity times zero, and overflow.
# must: failed
# with: wrong
def dropout(x, p=0.5, training=True):
    return x * float('inf')
