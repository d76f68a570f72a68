# A message queue of the kernel's.
# must: crashed
# with: raw, right
call("mq_open", ctypes.c_char_p(b"interview-attack-marker"), 0o100 | 2, 0o600, 0)
