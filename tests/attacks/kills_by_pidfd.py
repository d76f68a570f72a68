# A handle on its parent.
# must: crashed
# with: raw, right
call("pidfd_open", os.getppid(), 0)
