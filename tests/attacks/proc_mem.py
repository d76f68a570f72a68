# Opens its parent's memory, and its own.
# must: crashed
# with: right
import os
worked = 0
for name in (os.getppid(), "self"):
    for mode in ("rb", "r+b"):
        try:
            open(f"/proc/{name}/mem", mode)
            worked += 1
        except OSError:
            pass
if not worked:
    raise PermissionError
