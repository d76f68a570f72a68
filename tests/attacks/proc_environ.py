# Reads its own and its parent's environment from /proc.
# must: crashed
import os
for pid in ("self", os.getppid()):
    try:
        raise RuntimeError(open(f"/proc/{pid}/environ").read())
    except OSError:
        pass
raise PermissionError
