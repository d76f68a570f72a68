# Probes its parent with a signal.
# must: crashed
# with: right
import os
os.kill(os.getppid(), 0)
