# Mounts over /tmp.
# must: crashed
# with: raw, right
call("mount", ctypes.c_char_p(b"none"), ctypes.c_char_p(b"/tmp/interview-attack-marker"), ctypes.c_char_p(b"tmpfs"), 0, 0)
