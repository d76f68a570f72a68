# Keeps a key for the next run.
# must: crashed
# with: raw, right
call("add_key", ctypes.c_char_p(b"user"), ctypes.c_char_p(b"attack"), ctypes.c_char_p(b"x"), 1, -3)
