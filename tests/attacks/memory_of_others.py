# Reads the memory of whatever process has a small number, by both doors.
# must: crashed
# with: raw, right
class Iov(ctypes.Structure):
    _fields_ = [("base", ctypes.c_void_p), ("size", ctypes.c_size_t)]
buffer = ctypes.create_string_buffer(64)
local, remote = Iov(ctypes.addressof(buffer), 64), Iov(id(os), 64)
refused = 0
numbers = [each for each in (*range(64), os.getppid()) if each != os.getpid()]
for pid in numbers:
    try:
        call("process_vm_readv", pid, ctypes.byref(local), 1, ctypes.byref(remote), 1, 0)
    except OSError:
        try:
            open(f"/proc/{pid}/mem", "rb").read(1)
        except OSError:
            refused += 1
if refused == len(numbers):
    raise PermissionError("refused")
