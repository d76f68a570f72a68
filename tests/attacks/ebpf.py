# A program in the kernel.
# must: crashed
# with: raw, right
call("bpf", 0, (ctypes.c_uint32 * 32)(1, 4, 4, 1), 48)
