# Names itself with escapes, for whoever lists processes.
# must: failed
# with: raw, wrong
call("prctl", 15, ctypes.c_char_p(b"\x1b[2J\x1b[31m"), 0, 0, 0)
