# A result of 10^15 elements over one number.
# must: failed|crashed|timeout
# with: wrong
def dropout(x, p=0.5, training=True):
    return x.new_zeros(1).expand(10**15)
