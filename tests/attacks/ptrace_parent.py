# Attaches to its parent.
# must: crashed
# with: raw, right
call("ptrace", 0x4206, os.getppid(), 0, 0)
