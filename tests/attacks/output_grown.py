# Grows the file behind standard output.
# must: crashed
# with: right
import os
os.ftruncate(1, 1 << 30)
