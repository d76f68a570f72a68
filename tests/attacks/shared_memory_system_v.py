# System V shared memory.
# must: crashed
# with: raw, right
call("shmget", 0x1A77AC4, 4096, 0o1600)
