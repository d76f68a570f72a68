# Takes every timer that its user may have: nobody else could set one.
# must: crashed
# with: raw, right
import struct
event = ctypes.create_string_buffer(struct.pack("Qii", 0, 10, 0), 64)
timer = ctypes.c_int()
for _ in range(1000):
    call("timer_create", 1, event, ctypes.byref(timer))
