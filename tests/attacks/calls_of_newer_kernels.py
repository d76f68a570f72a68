# Mounts listed, attributes read, policies asked for by the newest numbers.
# must: crashed
# with: raw, right
buffer = ctypes.create_string_buffer(4096)
refused = 0
for number in (451, 452, 457, 458, 459, 460, 461, 463, 464, 465, 466, 467, 468, 469, 470, 471):
    if libc.syscall(number, buffer, buffer, 4096, 0, 0, 0) < 0 and ctypes.get_errno() == 38:
        refused += 1
if refused == 16:
    raise PermissionError("refused")
