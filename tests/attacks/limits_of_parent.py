# Limits its parent.
# must: crashed
# with: right
import os, resource
resource.prlimit(os.getppid(), resource.RLIMIT_NOFILE)
