# Limits its parent, or in a namespace of its own, where a parent has no number, the first process.
# must: crashed
# with: right
import os, resource
resource.prlimit(os.getppid() or 1, resource.RLIMIT_NOFILE)
