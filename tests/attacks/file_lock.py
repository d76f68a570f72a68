# Locks a library, so that whoever locks it too has to wait.
# must: crashed
# with: right
import fcntl
fcntl.flock(open(torch.__file__), fcntl.LOCK_EX)
