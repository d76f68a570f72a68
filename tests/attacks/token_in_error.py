# Puts tokens from the environment into its error text.
# must: crashed
import ctypes, os, subprocess
libc = ctypes.CDLL(None)
environ = ctypes.POINTER(ctypes.c_char_p).in_dll(libc, "environ")
text = repr(dict(os.environ))
n = 0
while environ and environ[n] and n < 200:
    text += repr(environ[n])
    n += 1
raise RuntimeError(text)
