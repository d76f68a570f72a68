# Probes its parent's group and everybody with a signal.
# must: crashed
# with: right
import os
worked = 0
for target in (-os.getppid(), -1, 0):
    try:
        os.kill(target, 0)
        worked += 1
    except OSError:
        pass
if not worked:
    raise PermissionError
