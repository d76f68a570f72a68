# Watches every descriptor from every other, to hold the kernel's memory.
# must: failed|crashed
# with: wrong
# seconds: 3
import select
kept = []
try:
    while True:
        kept.append(select.epoll())
        for each in kept[:-1]:
            try:
                kept[-1].register(each.fileno())
            except OSError:
                pass
except OSError:
    pass
