# Reads its parent's memory.
# must: crashed
# with: raw, right
buffer = ctypes.create_string_buffer(64)
class Iov(ctypes.Structure):
    _fields_ = [("base", ctypes.c_void_p), ("size", ctypes.c_size_t)]
local = Iov(ctypes.addressof(buffer), 64)
remote = Iov(id(os), 64)
call("process_vm_readv", os.getppid(), ctypes.byref(local), 1, ctypes.byref(remote), 1, 0)
