# System calls through a ring.
# must: crashed
# with: raw, right
parameters = (ctypes.c_uint32 * 64)()
call("io_uring_setup", 8, ctypes.byref(parameters))
