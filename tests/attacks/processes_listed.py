# Looks who else is there.
# must: crashed
# with: right
import os
if [each for each in os.listdir("/proc") if each.isdigit()] == []:
    raise PermissionError("nobody")
