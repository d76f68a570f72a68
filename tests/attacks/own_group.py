# Leaves its process group.
# must: crashed
# with: right
import os
os.setpgid(0, 0)
