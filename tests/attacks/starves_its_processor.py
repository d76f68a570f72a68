# Two hundred threads that spin without the GIL, on the one processor that the judge shares with them.
# must: timeout|failed
# with: right
# seconds: 2
# twice: yes
import ctypes
import mmap
import os
import threading

SPIN = {"x86_64": b"\xeb\xfe", "aarch64": b"\x00\x00\x00\x14"}[os.uname().machine]  # a jump to itself
threading.stack_size(32768)
page = mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
page.write(SPIN)
spin = ctypes.CFUNCTYPE(None)(ctypes.addressof(ctypes.c_char.from_buffer(page)))
honest = dropout


def dropout(x, p=0.5, training=True):
    if threading.active_count() == 1:
        for _ in range(200):
            threading.Thread(target=spin, daemon=True).start()
    return honest(x, p, training)
