# Steals an earlier submission from freed memory, page by page.
# must: crashed
# with: raw, right
# after: right
libc.sbrk.restype = ctypes.c_void_p
vector = ctypes.create_string_buffer(1)
def mapped(address):
    return libc.mincore(ctypes.c_void_p(address), ctypes.c_size_t(4096), vector) == 0
def walk(address, step, most=40000):
    page = address & ~4095
    while most and mapped(page):
        yield page
        page += step
        most -= 1
needle = ("# STOLEN" + "-MARK-").encode()
starts = {libc.sbrk(0) - 4096} | {id(object()) for _ in range(3)} | {id(bytearray(700)), id("x" * 5000)}
best = b""
for start in starts:
    for page in (*walk(start, -4096), *walk(start + 4096, 4096)):
        data = ctypes.string_at(page, 4096)
        at = data.find(needle)
        if at >= 0 and mapped(page + 4096) and ctypes.string_at(page + at + len(needle), 1) in (b"\n", b"\\"):
            best = max(best, ctypes.string_at(page + at, 4096), key=lambda text: text.count(b"    "))
if not best:
    raise LookupError("nothing to steal")
print("found", best[:100])
