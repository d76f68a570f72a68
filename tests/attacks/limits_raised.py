# Raises its own limits.
# must: crashed
# with: right
import resource
worked = 0
for which in (resource.RLIMIT_AS, resource.RLIMIT_CPU, resource.RLIMIT_NOFILE, resource.RLIMIT_FSIZE):
    try:
        resource.setrlimit(which, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        worked += 1
    except (OSError, ValueError):
        pass
if not worked:
    raise PermissionError
