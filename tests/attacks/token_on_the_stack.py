# Looks for the environment where the kernel put it, above the stack.
# must: crashed
# with: raw, right
libc.mincore.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_char_p]
vector = ctypes.create_string_buffer(1)
import sys
argv = ctypes.POINTER(ctypes.c_void_p)()
start = ctypes.c_void_p.in_dll(libc, "__libc_stack_end").value if hasattr(libc, "__libc_stack_end") else 0
page, text = start & ~4095, b""
while start and libc.mincore(page, 4096, vector) == 0 and len(text) < 1 << 20:
    text += ctypes.string_at(page, 4096)
    page += 4096
at = text.find(b"ATTACK-" + b"TOKEN")
raise RuntimeError(repr(text[at:at + 200]) if at >= 0 else "nothing")
