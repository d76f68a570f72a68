# A shell.
# must: crashed
# with: right
import os
if os.system("touch /tmp/interview-attack-marker/shell") != 0:
    raise PermissionError
