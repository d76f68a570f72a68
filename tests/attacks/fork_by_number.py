# fork, vfork and clone by their numbers.
# must: crashed
# with: raw, right
import time
refused = 0
for attempt in (lambda: call("fork"), lambda: call("clone", 17, 0, 0, 0, 0)):
    try:
        if attempt() == 0:
            time.sleep(5)
            os._exit(0)
    except (OSError, KeyError):
        refused += 1
if refused == 2:
    raise PermissionError("refused")
