# Locks ranges of a library: no limit counts the kernel's memory for them.
# must: crashed
# with: right
import fcntl
library = open(torch.__file__)
for n in range(1000):
    fcntl.lockf(library, fcntl.LOCK_SH, 1, 2 * n)
