# Probes its parent through rt_sigqueueinfo and rt_tgsigqueueinfo.
# must: crashed
# with: raw, right
parent = os.getppid()
info = (ctypes.c_int * 32)(0, 0, -1, 0, os.getpid(), 0)
worked = 0
for arguments in (("rt_tgsigqueueinfo", parent, parent, 0, info), ("rt_sigqueueinfo", parent, 0, info), ("tgkill", parent, parent, 0)):
    try:
        call(*arguments)
        worked += 1
    except OSError:
        pass
if not worked:
    raise PermissionError
