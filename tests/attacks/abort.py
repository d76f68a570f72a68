# Aborts.
# must: crashed
# with: right
import os
os.abort()
