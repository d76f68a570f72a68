# A descriptor whose events signal its parent.
# must: crashed
# with: frames, raw, right
import fcntl
fcntl.fcntl(WORKER.sock.fileno(), fcntl.F_SETOWN, os.getppid())
