# Becomes somebody else.
# must: crashed
# with: right
import os
os.setuid(0)
