# Asks for memory in a call until it is refused; MemoryError fails the check.
# must: failed|crashed|timeout
# with: wrong
# seconds: 4
def dropout(x, p=0.5, training=True):
    kept = []
    for _ in range(64):
        kept.append(bytes(64 << 20))
    return x
