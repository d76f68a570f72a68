# Writes 200 MB to standard output, past Python.
# must: crashed
# with: right
import os
for _ in range(200):
    os.write(1, b'x' * 1_000_000)
