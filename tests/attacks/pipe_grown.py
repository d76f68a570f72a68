# A large pipe: all of a user's share one allowance.
# must: crashed
# with: right
import fcntl
import os
F_SETPIPE_SZ = 1031
fcntl.fcntl(os.pipe()[1], F_SETPIPE_SZ, 1 << 20)
