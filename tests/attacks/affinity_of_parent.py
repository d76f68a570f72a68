# Ties its parent to one processor.
# must: crashed
# with: right
import os
os.sched_setaffinity(os.getppid(), os.sched_getaffinity(0))
