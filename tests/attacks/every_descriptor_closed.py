# Closes every descriptor, its socket too.
# must: crashed
# with: right
import os
os.closerange(0, 4096)
