# Asks for a core dump, and for the right to leave one.
# must: crashed
# with: raw, right
import resource
worked = 0
try:
    resource.setrlimit(resource.RLIMIT_CORE, (1 << 30, 1 << 30))
    worked += 1
except (OSError, ValueError):
    pass
try:
    call("prctl", 4, 1, 0, 0, 0)  # PR_SET_DUMPABLE
    worked += 1
except OSError:
    pass
if not worked:
    raise PermissionError
