# As many pipes as it may open, each filled.
# must: failed|crashed
# with: wrong
import os
kept = []
try:
    while True:
        reading, writing = os.pipe()
        os.set_blocking(writing, False)
        kept.append((reading, writing, os.write(writing, bytes(1 << 20))))
except OSError:
    pass
