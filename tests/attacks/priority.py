# A higher priority for itself, a lower one for its parent.
# must: crashed
# with: right
import os
os.setpriority(os.PRIO_PROCESS, os.getppid(), 0)
