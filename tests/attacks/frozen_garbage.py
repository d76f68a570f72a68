# Breaks collection: a circle whose finalizer makes another, for ever.
# must: failed|crashed|timeout
# with: wrong
# seconds: 3
import gc
class Again:
    def __init__(self): self.me = self
    def __del__(self): Again()
Again()
gc.set_threshold(1)
